"""Rendered pages kept for the next rendering, as long as nothing they were made of changed.

A preview renders all pages after each edit, and nearly all of them are as they were. What a page is
made of: its template and those that it extends, which pages there are, and what is known of the
release, to which a memo belongs. Names in `VOLATILE` tell of more than that.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import Environment, Template, TemplateError, meta

from report.page_list import PageSpec
from report.placing import Placed, Placer

VOLATILE = frozenset({"changed", "citation", "downloads", "picker", "release_log"})
"""Names that read the text of releases, their checksum, or what other pages placed."""

_CHECKSUM = "digest"  # of a release: an edited page of its own changes it


@dataclass(frozen=True, slots=True)
class _Source:
    """What a template says of itself."""

    extends: tuple[str, ...]
    volatile: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    templates: tuple[Template, ...]
    pages: frozenset[str]
    markdown: str
    placed: tuple[Placed, ...]


class PageMemo:
    """The pages of one release, as last rendered; one for each context, made when first asked."""

    def __init__(self) -> None:
        self._kept: dict[tuple[PageSpec, bool], _Kept] = {}
        self._sources: dict[Template, _Source] = {}

    def page(
        self,
        spec: PageSpec,
        *,
        environment: Environment,
        pages: frozenset[str],
        placer: Placer,
        render: Callable[[], str],
    ) -> str:
        """Return the page's Markdown, and place what is in it, without rendering it if possible."""
        place = spec, placer.wordless
        try:
            templates = self._templates(environment, spec.template or spec.path)
        except TemplateError:
            return render()  # which says where
        kept = self._kept.get(place)
        if kept and kept.templates == templates and kept.pages == pages:
            placer.replay(kept.placed)
            return kept.markdown
        markdown = render()
        if any(self._sources[template].volatile for template in templates):
            self._kept.pop(place, None)
        else:
            self._kept[place] = _Kept(templates, pages, markdown, tuple(placer.placed))
        return markdown

    def _templates(self, environment: Environment, name: str) -> tuple[Template, ...]:
        """The template and all that it extends; a new object where a file was edited."""
        found, waiting = list[Template](), [name]
        while waiting:
            asked = waiting.pop()
            template = environment.get_template(asked)
            if template not in found:
                found.append(template)
                waiting += self._source(environment, template, asked).extends
        return tuple(found)

    def _source(self, environment: Environment, template: Template, name: str) -> _Source:
        """Read what it says; its own name lacks the folder by which it was asked for."""
        if template not in self._sources:
            loader = environment.loader
            text = loader.get_source(environment, name)[0] if loader else ""
            tree = environment.parse(text)
            named = list(meta.find_referenced_templates(tree))
            self._sources[template] = _Source(
                extends=tuple(other for other in named if other is not None),
                volatile=None in named
                or _CHECKSUM in text
                or bool(VOLATILE & meta.find_undeclared_variables(tree)),
            )
        return self._sources[template]
