"""Files that state counts and have no rows: into counts.csv, as the file states them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from harness.errors import ResultFileError
from harness.formats.reading import COUNT_SCHEMA
from harness.ingest.account import Account
from harness.ingest.metrics_toml import with_metrics
from harness.ingest.models_toml import check_names, with_models
from harness.ingest.names import identify, words_of
from harness.ingest.record import NAME, Record, read_record, source_record, with_sources
from harness.ingest.result import Ingested, Options
from harness.ingest.size_toml import with_size
from harness.ingest.sources import Gathered, Source
from harness.ingest.stage import into_place, read_staged, staged
from harness.reader import OUTCOMES
from harness.text import folded, shown
from harness.toml_file import TomlFile

CELL = ("model", "category", "difficulty")


def stated_counts(
    gathered: Gathered, folder: Path, release: TomlFile, models: TomlFile, options: Options
) -> Ingested:
    """Write the counts that files state.

    Raises
    ------
    ResultFileError
        Some files hold counts and others rows, the release has outcomes, a model's counts are there
        already and differ, or the release would not be right.
    """
    sources = gathered.sources
    _check_kind(sources, folder)
    names = words_of(sources, [_models(s) for s in sources], options.models)
    shown_as = {
        word: s.reading.model_names.get(raw or "", word)
        for s, found in zip(sources, names, strict=True)
        for raw, (word, _) in found.items()
    }
    path_of = {
        word: s.path for s, found in zip(sources, names, strict=True) for word, _ in found.values()
    }
    known = identify(shown_as, models, path_of=path_of)
    tables = [
        _counts(s).with_columns(
            pl.col("model").replace_strict({raw: known[word][0] for raw, (word, _) in f.items()})
        )
        for s, f in zip(sources, names, strict=True)
    ]
    new = [
        (i, n, [] if folded(w) == folded(n) else [w]) for w, (i, n, fresh) in known.items() if fresh
    ]
    check_names(models, new)
    counts = _merged(folder, tables, sources, replace=options.replace)
    described = [source_record(s, rows=_counts(s).height) for s in sources]
    size = release.document.get("n_problems", _size(sources))
    accounts = [
        _account(row, known, names, size) for row in counts.iter_rows(named=True) if _is_total(row)
    ]
    record = read_record(folder)
    files, _ = with_sources(record, described, [])
    whole = Record(sources=files, models=[a.lasting() for a in accounts])
    told, added = with_metrics(
        release.path.read_bytes(),
        release,
        [name for name in ("compiled", "passed") if counts.get_column(name).count()],
    )
    told = with_size(told, release, size)
    with staged(folder) as copy:
        (copy / "release.toml").write_bytes(told)
        (copy / "models.toml").write_bytes(with_models(models.path.read_bytes(), models, new))
        counts.write_csv(copy / "counts.csv")
        (copy / NAME).write_text(whole.text(), encoding="utf-8", newline="\n")
        read_staged(copy, folder)
        into_place(copy, folder)
    return Ingested(
        folder=folder,
        sources=tuple(described),
        unknown_files=gathered.unknown,
        beside=tuple(source.name for source in gathered.beside),
        new_metrics=tuple(added),
        models=tuple(accounts),
        stated=(),
        n_problems=max((a.problems for a in accounts), default=0),
        problems=None,
        left_out=(),
        written=("counts.csv", NAME),
    )


def _check_kind(sources: Sequence[Source], folder: Path) -> None:
    for source in sources:
        if source.reading.counts is None:
            raise ResultFileError(
                source.path,
                found="no counts, beside files that state counts",
                expected="files of one kind",
                way_out="A release has outcomes or counts: ingest one kind only.",
            )
    for name in OUTCOMES:
        if (folder / name).exists():
            raise ResultFileError(
                sources[0].path,
                found=f"stated counts, for a release with {name}",
                expected="rows for each problem",
                way_out="Its counts are taken from its outcomes; make a release for these.",
            )


def _counts(source: Source) -> pl.DataFrame:
    assert source.reading.counts is not None  # noqa: S101 - `_check_kind` saw to it
    return source.reading.counts.select(list(COUNT_SCHEMA))


def _size(sources: Sequence[Source]) -> int | None:
    """Give the size of the benchmark where the files that state one agree."""
    stated = {s.reading.n_problems for s in sources} - {None}
    return stated.pop() if len(stated) == 1 else None


def _models(source: Source) -> list[str | None]:
    return _counts(source).get_column("model").unique(maintain_order=True).to_list()


def _merged(
    folder: Path, tables: Sequence[pl.DataFrame], sources: Sequence[Source], *, replace: bool
) -> pl.DataFrame:
    """Join the files' counts with the release's; a cell twice is an error."""
    seen: pl.DataFrame | None = None
    for table, source in zip(tables, sources, strict=True):
        whole = table if seen is None else pl.concat([seen, table])
        twice = whole.filter(pl.struct(CELL).is_duplicated())
        if twice.height:
            raise ResultFileError(
                source.path,
                field="model",
                found=f"{shown(twice['model'][0])} for a second time",
                expected="each model once",
                way_out="Give one of the two runs, or describe both in models.toml.",
            )
        seen = whole
    assert seen is not None  # noqa: S101 - there is at least one file
    path = folder / "counts.csv"
    if not path.exists():
        return seen
    before = pl.read_csv(path, schema_overrides=dict(COUNT_SCHEMA)).select(list(COUNT_SCHEMA))
    again = before.join(seen, on=CELL, how="inner", nulls_equal=True, suffix=" new")
    values = ("problems", "compiled", "passed")
    changed = again.filter(
        pl.any_horizontal(~pl.col(v).eq_missing(pl.col(f"{v} new")) for v in values)
    )
    if changed.height and not replace:
        raise ResultFileError(
            sources[0].path,
            field="model",
            found=f"other counts of {shown(changed['model'][0])} than the release has",
            expected="the same counts, or a model without any",
            way_out="With --replace these take the place of the release's.",
        )
    return pl.concat([before.join(seen.select("model").unique(), on="model", how="anti"), seen])


def _is_total(row: Mapping[str, object]) -> bool:
    return row["category"] is None and row["difficulty"] is None


def _account(
    row: Mapping[str, object],
    known: Mapping[str, tuple[str, str, bool]],
    names: Sequence[Mapping[str | None, tuple[str, str]]],
    size: int | None,
) -> Account:
    """Say what a stated total holds; nothing is known of single problems."""
    mine = [
        (word, where)
        for found in names
        for word, where in found.values()
        if known[word][0] == row["model"]
    ]
    problems = int(str(row["problems"]))
    return Account(
        id=str(row["model"]),
        name=known[mine[0][0]][1] if mine else str(row["model"]),
        sources=tuple(f"{word} ({where})" for word, where in mine),
        new=any(known[word][2] for word, _ in mine),
        rows=0,
        problems=problems,
        missing=size - problems if isinstance(size, int) else 0,
        duplicated=0,
        unscored=0,
        errored=0,
        fewest_samples=1,
        most_samples=1,
        passed=int(str(row["passed"])),
        scored=problems,
        mean_score=None,
    )
