"""Releases in, versions of the site out: analysis, pages and data files of each."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from harness.frozen import record_file
from harness.outcomes import Outcomes
from harness.release import Release
from report.analysis import analyse
from report.changes.history import History
from report.citation import citation_files
from report.claims.as_json import COLUMNS, claims_json
from report.comparison_pages import comparison_files
from report.consistency import as_json as as_audit_json
from report.consistency import followed
from report.document import Entry, Version
from report.drawing import script_json
from report.exhibits.common import Context
from report.exhibits.printed import checks
from report.labels import model_labels
from report.lineage import aliases
from report.mix_page import mix_files
from report.page_memo import PageMemo
from report.pages import Placer, render_pages
from report.prose import report_text
from report.quantities import as_json
from report.release_log import release_log
from report.social import social_files, social_words
from report.versus_page import versus_files


def render_versions(
    releases: Sequence[Release],
    *,
    docs: Path,
    cache: Path | None,
    site_name: str,
    warm: dict[str, Context] | None = None,
    site_url: str = "",
) -> list[Version]:
    """Render every release, oldest first; aliases are those of `report.lineage.aliases`.

    ``warm`` keeps what was computed of equal releases from one call to the next.
    """
    names = aliases(releases)
    kept = [context.history for context in (warm or {}).values() if context.history]
    history = (
        kept[0] if kept else history_of(releases, docs=docs, cache=cache, memos=warm is not None)
    )
    history.forget_text()
    return [
        replace(
            render_version(
                release,
                docs=docs,
                cache=cache,
                site_name=site_name,
                url=f"{site_url.rstrip('/')}/{release.version}/" if site_url else "",
                earlier=followed(release, releases),
                history=history,
                warm=warm,
            ),
            aliases=names[release.version],
        )
        for release in releases
    ]


def history_of(
    releases: Sequence[Release], *, docs: Path, cache: Path | None, memos: bool = False
) -> History:
    """Analyse all releases, so that any two can be compared, their text included.

    With ``memos`` their text is made for more than one state of the narrative.
    """
    analyses = {release.version: analyse(release) for release in releases}
    # Without a history: a report's text is what it says of itself. Kept for the next text.
    alone = {version: Context(analysis, kept=cache) for version, analysis in analyses.items()}
    kept = {version: PageMemo() if memos else None for version in alone}
    return History(
        tuple(analyses.values()),
        text=lambda version: report_text(alone[version], docs=docs, memo=kept[version]),
    )


def render_version(
    release: Release,
    *,
    docs: Path,
    cache: Path | None,
    site_name: str,
    url: str = "",
    earlier: Sequence[Release] = (),
    history: History | None = None,
    warm: dict[str, Context] | None = None,
) -> Version:
    """Render one release's pages and data files; ``url`` is where they will lie, if that is known.

    ``earlier`` is what it follows; without a ``history`` no page compares two releases.
    """
    analysis = history.analysis(release.version) if history else analyse(release)
    context = Context(analysis, kept=cache, earlier=tuple(earlier), history=history, url=url)
    if warm is not None:
        context = warm.setdefault(release.version, context)
    placer = Placer(cache=cache, hooks=model_hooks(context))
    memo = context.memo if warm is not None else None
    pages = render_pages(context, docs=docs, placer=placer, memo=memo)
    return Version(
        name=release.version,
        title=release.version,
        date=release.date,
        draft=release.status == "draft",
        frozen=release.freeze is not None,
        moved=len(context.drift),
        pages=pages,
        files={
            **placer.files,
            **data_files(context),
            **comparison_files(context),
            **versus_files(context),
            **mix_files(context),
            **models_file(context),
            **citation_files(release, url=url),
            **social_files(context, site_name=site_name),
        },
        entry=Entry(
            release.title, release.benchmark, release.authors, release_log(context)[0].sentences
        ),
        site_name=site_name,
        social=social_words(context),
    )


def model_hooks(context: Context) -> dict[str, str]:
    """Slug of each model's label: what is about a model is linked across the pages by it."""
    return {label: context.slugs[model] for model, label in context.labels.items()}


def models_file(context: Context) -> dict[str, bytes]:
    """Return the models that a reader can choose as focus, as a script that any page may load."""
    rates = context.analysis.rates_of("passed")
    listed = [[context.slugs[r.model], context.labels[r.model]] for r in rates]
    return {"data/models.js": f"benchproof.models({script_json(listed)});\n".encode()}


def freeze_file(release: Release) -> dict[str, bytes]:
    """Return the record of a frozen release: publishing compares it with the one that is out."""
    return {"data/freeze.json": record_file(release.path).read_bytes()} if release.freeze else {}


def data_files(context: Context) -> dict[str, bytes]:
    """Return the machine-readable data of a version: everything its pages show comes from these."""
    outcomes = context.analysis.release.outcomes
    return {
        **({"data/outcomes.parquet": parquet(outcomes)} if outcomes is not None else {}),
        **freeze_file(context.analysis.release),
        "data/analysis.json": _analysis_json(context).encode(),
        "data/audit.json": _json(as_audit_json(context.audit)).encode(),
        "data/models.csv": _models_csv(context).encode(),
        "data/pairs.csv": _pairs_csv(context).encode(),
        "data/claims.json": _claims_json(context).encode(),
        "data/claims.csv": _claims_csv(context).encode(),
    }


def parquet(outcomes: Outcomes) -> bytes:
    """Write a release's outcomes as they were read, whatever file they came from."""
    stream = io.BytesIO()
    outcomes.frame.write_parquet(stream, compression="zstd")
    return stream.getvalue()


def _analysis_json(context: Context) -> str:
    analysis = context.analysis
    release = analysis.release
    document = {
        "release": {
            "version": release.version,
            "title": release.title,
            "date": release.date or None,
            "status": release.status,
            "previous": release.previous,
            "benchmark": release.benchmark,
        },
        "level": analysis.level,
        "evidence": sorted(release.evidence),
        "models": model_labels(release),
        "quantities": as_json(context.quantities),
        "printed": [
            {
                "where": check.figure.table,
                "figure": check.figure.figure,
                "model": check.figure.model,
                "versus": check.figure.versus,
                "category": check.figure.category,
                "difficulty": check.figure.difficulty,
                "printed": check.figure.printed,
                "unit": check.figure.unit,
                "computed": check.computed,
                "agrees": check.agrees,
                "reason": check.reason or None,
            }
            for check in checks(context)
        ],
    }
    return _json(document)


def _json(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _claims_json(context: Context) -> str:
    listed = claims_json(context.claims)
    return json.dumps(listed, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _claims_csv(context: Context) -> str:
    rows = [
        ["" if (v := claim[c]) is None else v for c in COLUMNS]
        for claim in claims_json(context.claims)
    ]
    return _csv(COLUMNS, rows)


def _models_csv(context: Context) -> str:
    analysis = context.analysis
    ranks = {rank.model: rank for rank in analysis.ranks}
    rows: list[list[object]] = []
    for model in analysis.release.models:
        row: list[object] = [model.id, model.name, model.group, model.parameters.total or ""]
        row.append(model.parameters.speculative)
        for metric in ("compiled", "passed"):
            found = analysis.rates.get((model.id, metric))
            row += (
                [found.successes, found.n, found.value, found.wilson.low, found.wilson.high]
                if found
                else [""] * 5
            )
        rank = ranks.get(model.id)
        row += [*rank.unlinked, *rank.any_pairing] if rank else [""] * 4
        rows.append(row)
    header = ["model", "name", "group", "parameters_b", "parameters_speculative"]
    header += [
        f"{metric}{end}"
        for metric in ("compiled", "passed")
        for end in ("", "_n", "_rate", "_low", "_high")
    ]
    header += ["rank_low", "rank_high", "rank_any_pairing_low", "rank_any_pairing_high"]
    return _csv(header, rows)


def _pairs_csv(context: Context) -> str:
    if context.linked:
        return _linked_pairs_csv(context)
    header = ["metric", "a", "b", "difference", "low", "high", "p_unlinked", "p_holm"]
    header += ["p_paired_low", "p_paired_high", "p_paired_low_holm", "p_paired_high_holm"]
    header.append("probability_a_better")
    rows: list[list[object]] = [
        [
            pair.metric,
            pair.a,
            pair.b,
            pair.difference.value,
            pair.difference.interval.low,
            pair.difference.interval.high,
            pair.test.p_value,
            pair.adjusted,
            pair.p_paired_low,
            pair.p_paired_high,
            pair.adjusted_paired_low,
            pair.adjusted_paired_high,
            "" if pair.better is None else pair.better,
        ]
        for pair in context.analysis.pairs
    ]
    return _csv(header, rows)


def _linked_pairs_csv(context: Context) -> str:
    header = ["metric", "a", "b", "problems", "difference", "low", "high", "method", "p"]
    header += ["p_exact", "p_holm", "p_max_t", "both", "only_a", "only_b", "neither"]
    header.append("probability_a_better")
    rows: list[list[object]] = []
    for pair in context.analysis.pairs:
        if pair.linked is None:
            continue
        limits, joint = pair.difference.interval, pair.linked.adjusted_max_t
        exact, table = pair.linked.p_exact, pair.linked.table
        rows.append(
            [
                *(pair.metric, pair.a, pair.b, pair.linked.n, pair.difference.value),
                *(limits.low, limits.high, pair.test.method, pair.test.p_value),
                *("" if exact is None else exact, pair.adjusted, "" if joint is None else joint),
                *(table or ("",) * 4),
                "" if pair.better is None else pair.better,
            ]
        )
    return _csv(header, rows)


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write CSV whose texts a spreadsheet cannot take for formulas."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[_safe(value) for value in row] for row in rows])
    return stream.getvalue()


def _safe(value: object) -> object:
    dangerous = isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{value}" if dangerous else value
