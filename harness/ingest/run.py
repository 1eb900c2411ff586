"""The ingest: harness files in, a release folder with outcomes out, whole or not at all."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from harness.errors import ResultFileError
from harness.formats.reading import PROBLEM_SCHEMA, ROW_SCHEMA, no_problems
from harness.ingest import rows as table
from harness.ingest.account import Account, duplicated, tallies, words
from harness.ingest.claims import Estimate, Stated, stated_rates
from harness.ingest.counts import stated_counts
from harness.ingest.measures import by_one_measure, check_meanings
from harness.ingest.metrics_toml import held, with_metrics
from harness.ingest.models_toml import check_names, with_models
from harness.ingest.names import Named, identify, words_of
from harness.ingest.problems import Problems, problems_of, read_problems
from harness.ingest.record import NAME, Record, read_record, source_record, with_sources
from harness.ingest.result import Ingested, Options
from harness.ingest.sources import Source, gather
from harness.ingest.stage import check_whole, into_place, staged
from harness.raw import tables_of
from harness.text import folded, read_text
from harness.toml_file import TomlFile, parse_toml


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The rows of one source on disk, and the models its names stand for."""

    source: Source
    rows: pl.LazyFrame
    named: Mapping[str | None, Named]

    @property
    def ids(self) -> dict[str | None, str]:
        return {raw: model.id for raw, model in self.named.items()}


def ingest(files: Sequence[str], folder: Path, options: Options, *, estimate: Estimate) -> Ingested:
    """Read files of harnesses into a release folder.

    Parameters
    ----------
    files
        Files, folders and URLs.
    folder
        The release's folder; it has a release.toml and a models.toml.
    options
        See `Options`.
    estimate
        Computes pass@k, for rates that files state.

    Raises
    ------
    ResultFileError
        Anything is wrong with a file or with the release that would be; the folder is untouched.
    """
    release, models = _release_files(folder)
    before = read_record(folder)
    gathered = gather(files, format_id=options.format_id)
    check_meanings(gathered.sources, before, replace_rows=options.replace)
    if any(source.reading.counts is not None for source in gathered.sources):
        return stated_counts(gathered, folder, release, models, options)
    _refuse_rates(gathered.sources)
    with tempfile.TemporaryDirectory(prefix=".rows-", dir=folder.parent) as work:
        parts, new = _parts(gathered.sources, models, options, Path(work))
        metrics = _metrics(release)
        rows = _all_rows(parts, folder, options, metrics, Path(work))
        sources = [part.source for part in parts]
        table.check(rows, sources, folder)
        problems = problems_of(
            rows,
            sources,
            before=_problems_before(folder),
            extra=options.problems,
            replace=options.replace,
        )
        stated = [s for p in parts for s in stated_rates(p.source, p.rows, p.ids, estimate)]
        accounts = _accounts(rows, parts, before, problems.table.height)
        described = [
            source_record(p.source, rows=p.rows.select(pl.len()).collect().item()) for p in parts
        ]
        record = _record(before, described, stated, accounts, problems)
        told, added = with_metrics(release.path.read_bytes(), release, held(rows))
        written = _write(
            folder,
            rows,
            problems.table,
            {
                "models.toml": with_models(models.path.read_bytes(), models, new),
                "release.toml": told,
            },
            record,
            as_csv=options.as_csv,
        )
    return Ingested(
        folder=folder,
        sources=tuple(described),
        unknown_files=gathered.unknown,
        beside=tuple(source.name for source in gathered.beside),
        models=tuple(accounts),
        stated=tuple(stated),
        n_problems=problems.table.height,
        problems=problems,
        left_out=_left_out(sources, metrics),
        new_metrics=tuple(added),
        written=written,
    )


def _release_files(folder: Path) -> tuple[TomlFile, TomlFile]:
    if not (folder / "release.toml").is_file():
        raise ResultFileError(
            folder,
            found="no release.toml there",
            expected="the folder of a release",
            way_out=f"Make it first: python build.py new {folder.name}",
        )
    if (folder / "freeze.json").exists():
        raise ResultFileError(
            folder / "freeze.json",
            found="a frozen release",
            expected="one that may still change",
            way_out="Put new results into a new release: "
            f"python build.py new NAME --from {folder.name}",
        )
    release, models = (folder / f"{name}.toml" for name in ("release", "models"))
    return (
        parse_toml(release, read_text(release, folder=folder)),
        parse_toml(models, read_text(models, folder=folder)),
    )


def _refuse_rates(sources: Sequence[Source]) -> None:
    for source in sources:
        if source.reading.lacks is not None:
            raise ResultFileError(
                source.path,
                found=f"{'rates alone' if source.reading.claimed else 'no result at all'} "
                f"({source.format.title})",
                expected="a result for each problem, or counts",
                way_out=source.reading.lacks,
            )


def _parts(
    sources: Sequence[Source], models: TomlFile, options: Options, work: Path
) -> tuple[list[_Part], list[tuple[str, str, Sequence[str]]]]:
    """Write each source's rows to disk and find its models; also say which models are new."""
    rows = [
        table.sink(source.reading.rows, work / f"{at}.parquet", source.path)
        for at, source in enumerate(sources)
    ]
    measured = by_one_measure(sources, rows)
    sources, rows = [source for source, _ in measured], [part for _, part in measured]
    found = words_of(sources, [table.models_in(part) for part in rows], options.models)
    shown: dict[str, str] = {}
    path_of: dict[str, Path] = {}
    for source, names in zip(sources, found, strict=True):
        for raw, (word, _) in names.items():
            display = source.reading.model_names.get(raw or "", word) if word == raw else word
            shown.setdefault(word, display)
            path_of.setdefault(word, source.path)
    identified = identify(shown, models, path_of=path_of)
    parts = [
        _Part(
            source,
            part,
            {
                raw: Named(raw, word, where, *identified[word])
                for raw, (word, where) in names.items()
            },
        )
        for source, part, names in zip(sources, rows, found, strict=True)
    ]
    new: list[tuple[str, str, Sequence[str]]] = [
        (identity, name, [] if folded(word) == folded(name) else [word])
        for word, (identity, name, is_new) in identified.items()
        if is_new
    ]
    check_names(models, new)
    return parts, new


def _metrics(release: TomlFile) -> list[str]:
    return [item["id"] for _, item in tables_of(release, "metrics") if item["id"] not in ROW_SCHEMA]


def _all_rows(
    parts: Sequence[_Part], folder: Path, options: Options, metrics: Sequence[str], work: Path
) -> pl.LazyFrame:
    """Join the parts, merge them with the release's rows, and write them once, in order."""
    new = pl.concat(
        [
            table.named(part.rows, part.ids, source=at, metrics=metrics)
            for at, part in enumerate(parts)
        ],
        how="diagonal",
    )
    sources = [part.source for part in parts]
    existing = table.existing_rows(folder)
    if existing is not None:
        new = table.sink(new, work / "new.parquet", sources[0].path)
        table.check(new, sources, folder)
        _, old = existing
        new = table.merged(old, new, replace=options.replace, origins=sources, folder=folder)
    return table.sink(new, work / "rows.parquet", sources[0].path)


def _problems_before(folder: Path) -> pl.DataFrame:
    path = folder / "problems.csv"
    if not path.exists():
        return no_problems()
    return read_problems(path)[0]


def _accounts(
    rows: pl.LazyFrame, parts: Sequence[_Part], before: Record, n_problems: int
) -> list[Account]:
    outcomes = words(rows)
    told = {str(model["id"]): model for model in before.models}
    found = []
    for tally in tallies(rows).iter_rows(named=True):
        model = tally["model"]
        naming = [n for p in parts for n in p.named.values() if n.id == model]
        earlier = told.get(model, {})
        found.append(
            Account(
                id=model,
                name=naming[0].name if naming else str(earlier.get("name", model)),
                sources=tuple(dict.fromkeys(f"{n.word} ({n.where})" for n in naming))
                or tuple(earlier.get("sources", ())),
                new=any(n.new for n in naming),
                missing=n_problems - tally["problems"],
                duplicated=sum(duplicated(p.source.reading.set_aside, p.ids, model) for p in parts)
                if naming
                else int(earlier.get("duplicated", 0)),
                mean_score=tally["scores"] / tally["with_score"] if tally["with_score"] else None,
                outcomes=outcomes.get(model, {}),
                **{
                    key: tally[key]
                    for key in (
                        "rows",
                        "problems",
                        "unscored",
                        "errored",
                        "fewest_samples",
                        "most_samples",
                        "passed",
                        "scored",
                    )
                },
            )
        )
    return found


def _record(
    before: Record,
    described: Sequence[Mapping[str, Any]],
    stated: Sequence[Stated],
    accounts: Sequence[Account],
    problems: Problems,
) -> Record:
    sources, rates = with_sources(before, described, [rate.as_json() for rate in stated])
    return Record(
        sources=sources,
        models=[account.lasting() for account in accounts],
        stated=rates,
        problems={
            "count": problems.table.height,
            "without_facts": list(problems.without_facts),
            "without_rows": list(problems.without_rows),
        },
    )


def _write(
    folder: Path,
    rows: pl.LazyFrame,
    problems: pl.DataFrame,
    tomls: Mapping[str, bytes],
    record: Record,
    *,
    as_csv: bool,
) -> tuple[str, ...]:
    """Make the release as it would be, read it whole, and swap it in."""
    plain = rows.drop("source")
    empty = [n for n in PROBLEM_SCHEMA if n != "problem" and problems.get_column(n).is_null().all()]
    with staged(folder) as copy:
        for toml, data in tomls.items():
            (copy / toml).write_bytes(data)
        problems.drop(empty).write_csv(copy / "problems.csv")
        (copy / NAME).write_text(record.text(), encoding="utf-8", newline="\n")
        check_whole(copy, folder, plain)
        name = "outcomes.csv" if as_csv else "outcomes.parquet"
        if as_csv:
            plain.sink_csv(copy / name)
        else:
            plain.sink_parquet(copy / name, compression="zstd", row_group_size=table.ROW_GROUP)
        into_place(copy, folder)
    return (name, "problems.csv", NAME)


def _left_out(sources: Sequence[Source], metrics: Sequence[str]) -> tuple[str, ...]:
    names = {
        name
        for source in sources
        for name in source.reading.rows.collect_schema()
        if name not in ROW_SCHEMA and name not in metrics
    }
    return tuple(sorted(names))
