"""What pages of changes ask for beyond exhibits: sentences, the text's diff, the picker of two."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from markupsafe import Markup

from report.changes import Changes
from report.changes.as_json import changes_json
from report.changes.history import History
from report.changes.narrative import BREAK, Narrative, Piece, SectionChange
from report.changes.words import Wording
from report.exhibits.changes_charts import split_changes
from report.exhibits.common import Context
from report.exhibits.comparison import exhibit_id
from report.html import block, escape, link

MOST_SAME = 24
"""Words that did not change and are shown between two changes; longer runs lose their middle."""

_TAGS = {"same": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}


@dataclass(frozen=True)
class View:
    """One comparison as a page's template sees it."""

    context: Context
    history: History
    before: str

    @property
    def after(self) -> str:
        """The page's own release."""
        return self.context.analysis.release.version

    @cached_property
    def changes(self) -> Changes:
        """The comparison."""
        return self.history.changes(self.before, self.after)

    @cached_property
    def narrative(self) -> Narrative:
        """The text's changes."""
        return self.history.narrative(self.before, self.after)

    @cached_property
    def summary(self) -> list[str]:
        """Sentences, most important first."""
        return Wording(self.changes).summary()

    @property
    def sizes(self) -> int:
        """How many models' sizes are stated otherwise."""
        facts = self.changes.model_facts
        return sum(f.field == "parameters" and f.contradicts for f in facts)

    @property
    def has_lines(self) -> bool:
        """Whether there is anything to draw from one release to the other."""
        main = self.changes.main
        return bool(main and (main.models or main.added or main.removed))

    @property
    def facts(self) -> int:
        """How many facts are stated otherwise, or by one release only."""
        changes = self.changes
        groups = (changes.model_facts, changes.group_facts, changes.release_facts)
        return sum(map(len, groups))

    @property
    def problem_rows(self) -> int:
        """How many things there are to say about problems one by one."""
        found = self.changes.problems
        parts = (found.added, found.dropped, found.recategorised, found.retexted, found.details)
        return sum(map(len, parts))

    @property
    def parts_drawn(self) -> bool:
        """Whether outcomes tell what the changes consist of."""
        main = self.changes.main
        return bool(main and split_changes(main))

    @property
    def flipped(self) -> int:
        """Results of single problems that changed."""
        main = self.changes.main
        return sum(len(change.flips) for change in main.models) if main else 0

    @property
    def directions(self) -> Counter[str]:
        """How many results of single problems were gained and lost."""
        main = self.changes.main
        return Counter(
            "gained" if flip.after > flip.before else "lost"
            for change in (main.models if main else ())
            for flip in change.flips
        )

    @property
    def json(self) -> str:
        """Where the whole comparison is, below the version's folder."""
        return json_path(self.context, self.before)

    def text(self) -> Markup:
        """The text's diff as HTML, one fold for each page."""
        folds = [
            _fold(list(sections), first=at == 0)
            for at, (_, sections) in enumerate(groupby(self.narrative.sections, lambda s: s.page))
        ]
        return Markup("").join(folds)


def json_path(context: Context, before: str) -> str:
    """Return the path of a comparison's JSON below the version's folder."""
    return f"data/{exhibit_id(context, before, 'x').removesuffix('-x')}.json"


def pair_pages(context: Context) -> Iterator[tuple[str, str]]:
    """Path and earlier release of each page of changes beside the one since the predecessor."""
    if context.history:
        for before in context.history.others(context.analysis.release.version)[1:]:
            yield pair_path(context.history, before, context.analysis.release.version), before


def pair_path(history: History, before: str, after: str) -> str:
    """Path of the page that compares two releases, below the later one's folder."""
    if before == history.predecessor(after):
        return "changes.md"
    return f"changes/from-{before}.md"


def comparison_names(context: Context) -> dict[str, Any]:
    """Names that pages of changes use."""
    history = context.history
    own = context.analysis.release.version
    return {
        "predecessor": (history.predecessor(own) if history else None) or "",
        "changed": lambda before: _view(context, before),
        "picker": lambda: _picker(context),
        "history_complete": history.complete if history else True,
    }


def _view(context: Context, before: str) -> View:
    if context.history is None:
        raise ValueError("this page knows no other release")
    return View(context, context.history, before)


# ---- The text's diff ---------------------------------------------------------------------------


def _fold(sections: Sequence[SectionChange], *, first: bool) -> Markup:
    """One page's sections, closed but for the first."""
    added = sum(section.count("added") for section in sections)
    removed = sum(section.count("removed") for section in sections)
    title = f"{sections[0].page_title}: {added} words added, {removed} removed"
    body = Markup("\n").join(map(_section, sections))
    fold = Markup('<details class="bp-fold bp-diff"{}><summary>{}</summary>\n{}\n</details>')
    return Markup(  # noqa: S704 - every part is escaped
        block(fold.format(Markup(" open") if first else "", escape(title), body))
    )


def _section(section: SectionChange) -> Markup:
    kinds = {"changed": "", "added": " (new section)", "removed": " (section removed)"}
    heading = f"{section.heading or section.page_title}{kinds[section.kind]}"
    lines = Markup("\n").join(
        Markup("<p>{}</p>").format(Markup(" ").join(words)) for words in _lines(section.pieces)
    )
    return Markup('<p class="bp-diff__heading">{}</p>\n{}').format(escape(heading), lines)


def _lines(pieces: Sequence[Piece]) -> Iterator[list[Markup]]:
    """Runs of words, line by line; a line in which nothing changed is left out."""
    line: list[Markup] = []
    changed = False
    for piece in pieces:
        for at, words in enumerate(_split(piece.words)):
            if at:
                if changed:
                    yield line
                line, changed = [], False
            if words:
                tag = Markup(_TAGS[piece.kind])  # noqa: S704 - a constant
                line.append(tag.format(escape(" ".join(_shortened(words, piece.kind)))))
                changed = changed or piece.kind != "same"
    if changed:
        yield line


def _split(words: Sequence[str]) -> Iterator[list[str]]:
    """Words between paragraph breaks."""
    run: list[str] = []
    for word in words:
        if word == BREAK:
            yield run
            run = []
        else:
            run.append(word)
    yield run


def _shortened(words: Sequence[str], kind: str) -> Sequence[str]:
    if kind != "same" or len(words) <= MOST_SAME:
        return words
    half = MOST_SAME // 2
    return [*words[:half], "…", *words[-half:]]


# ---- Any two releases --------------------------------------------------------------------------


def _picker(context: Context) -> Markup:
    """Two lists to choose from, for readers with JavaScript, and plain links for everyone."""
    history = context.history
    if history is None:
        raise ValueError("this page knows no other release")
    pairs = [
        (before, after, _url(pair_path(history, before, after), after))
        for after in reversed(history.versions)
        for before in history.others(after)
    ]
    before, after = _first_pair(history, context.analysis.release.version)
    form = Markup(
        '<form class="bp-compare" data-pairs="{}" hidden>\n'
        '<label>From {}</label>\n<label>to {}</label>\n<a class="bp-compare__go" href="#">'
        "Show what changed</a>\n"
        '<p class="bp-compare__note" role="status"></p>\n</form>'
    ).format(
        escape(json.dumps(pairs)),
        _select("before", history.versions, before),
        _select("after", history.versions, after),
    )
    lists = Markup("\n").join(_list(after, pairs) for after in reversed(history.versions))
    html = Markup('<div class="bp-compare-any">\n{}\n{}\n</div>').format(form, lists)
    return Markup(block(html))  # noqa: S704 - every part is escaped


def _first_pair(history: History, own: str) -> tuple[str, str]:
    """The two releases that the lists open with: this one and the one before it, or after it."""
    before = history.predecessor(own)
    if before is not None:
        return before, own
    return own, next((version for version in history.versions if version != own), own)


def _url(path: str, version: str) -> str:
    return f"../{version}/{path.removesuffix('.md')}.html"


def _select(name: str, versions: Sequence[str], chosen: str) -> Markup:
    options = Markup("").join(
        Markup('<option value="{0}"{1}>{0}</option>').format(
            escape(version), Markup(" selected") if version == chosen else ""
        )
        for version in reversed(versions)
    )
    return Markup('<select name="{}">{}</select>').format(name, options)


def _list(after: str, pairs: Sequence[tuple[str, str, str]]) -> Markup:
    own = [(before, url) for before, later, url in pairs if later == after]
    if not own:
        return Markup('<p class="bp-compare__first">{} is the first release.</p>').format(
            escape(after)
        )
    links = Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(link(url), escape(before)) for before, url in own
    )
    return Markup("<p><strong>{}</strong> since {}</p>").format(escape(after), links)


def comparison_files(context: Context) -> Mapping[str, bytes]:
    """Return the JSON of every comparison that this version has a page of."""
    history, own = context.history, context.analysis.release.version
    if history is None:
        return {}
    return {
        json_path(context, before): _json(
            changes_json(history.changes(before, own), history.narrative(before, own))
        )
        for before in history.others(own)
    }


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
