"""The metrics of a release that has none yet: what its first rows hold."""

import polars as pl

from harness.toml_file import TomlFile

TABLES = {
    "compiled": ("Compile rate", "%", "binary", "The program compiles."),
    "passed": ("Pass rate", "%", "binary", "The answer passes every test of its problem."),
    "score": ("Score", "%", "fraction", "Mark of each problem, from 0 to 1."),
}


def with_metrics(data: bytes, release: TomlFile, rows: pl.LazyFrame) -> tuple[bytes, list[str]]:
    """Append the metrics that the rows hold to a release.toml without any.

    Returns
    -------
    bytes and list of str
        The file, and the ids that were added; every byte that stood there is kept.
    """
    if release.document.get("metrics"):
        return data, []
    held = rows.select(pl.col(list(TABLES)).count()).collect(engine="streaming").row(0, named=True)
    ids = [name for name in TABLES if held[name]]
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
