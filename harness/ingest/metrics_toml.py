"""The metrics of a release that has none yet: what its first rows hold."""

from collections.abc import Sequence

import polars as pl

from harness.toml_file import TomlFile

TABLES = {
    "compiled": ("Compile rate", "%", "binary", "The program compiles."),
    "passed": ("Pass rate", "%", "binary", "The answer passes every test of its problem."),
    "score": ("Score", "%", "fraction", "Mark of each problem, from 0 to 1."),
}


def held(rows: pl.LazyFrame) -> list[str]:
    """List which results the rows hold."""
    found = rows.select(pl.col(list(TABLES)).count()).collect(engine="streaming")
    return [name for name, count in found.row(0, named=True).items() if count]


def with_metrics(data: bytes, release: TomlFile, ids: Sequence[str]) -> tuple[bytes, Sequence[str]]:
    """Append metrics to a release.toml that has none.

    Returns
    -------
    bytes and sequence of str
        The file, and the ids that were added; every byte that stood there is kept.
    """
    if release.document.get("metrics"):
        return data, []
    end = "\r\n" if b"\r\n" in data else "\n"
    text = "".join(_table(name) for name in ids).replace("\n", end)
    gap = "" if data.endswith(b"\n") else end
    return data + (gap + text).encode(), ids


def _table(name: str) -> str:
    title, unit, kind, description = TABLES[name]
    return (
        f'\n[[metrics]]\nid = "{name}"\ntitle = "{title}"\nunit = "{unit}"\nkind = "{kind}"\n'
        f'higher_is_better = true\ndescription = "{description}"\n'
    )
