"""Ten million rows into a release, beside pandas reading the same file and doing nothing else.

``python -m benchmarks.ingest [ROWS]`` prints the figures as JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
ROWS = 10_000_000
MODELS, SAMPLES = 20, 100
SLICE = 500_000
TITLES = {"csv": "CSV", "jsonl": "JSON lines", "parquet": "Parquet"}
READS = {
    "csv": "import pandas, sys; print(len(pandas.read_csv(sys.argv[1])))",
    "jsonl": "import pandas, sys; print(len(pandas.read_json(sys.argv[1], lines=True)))",
}


@dataclass(frozen=True, slots=True)
class Read:
    """One way of reading one file, in a process of its own.

    Attributes
    ----------
    file : str
        Its format and size.
    name : str
        Who read it, and what was done besides.
    rows : int
    seconds : float
        From the start of the process to its end.
    peak : float
        Resident megabytes at most; of a file that is mapped into memory, its pages count.
    """

    file: str
    name: str
    rows: int
    seconds: float
    peak: float

    @property
    def rows_per_second(self) -> float:
        """Rows over seconds."""
        return self.rows / self.seconds


def reads(rows: int) -> Iterator[Read]:
    """Ingest a file of each format, and have pandas read it."""
    with tempfile.TemporaryDirectory(prefix="benchproof-") as work:
        for kind in ("csv", "jsonl", "parquet"):
            path = Path(work) / f"rows.{kind}"
            _write(path, rows)
            file = f"{TITLES[kind]}, {path.stat().st_size / 1e6:,.0f} MB"
            yield _measured(file, "Benchproof: read, checked, written", rows, _ours(path))
            if kind in READS:
                name = f"pandas.read_{'csv' if kind == 'csv' else 'json'}: read"
                yield _measured(file, name, rows, [sys.executable, "-c", READS[kind], str(path)])
            path.unlink()


def _ours(path: Path) -> Sequence[str]:
    """Give the command that ingests a file into a new release."""
    results = path.parent / f"results-{path.suffix[1:]}"
    build = [sys.executable, str(ROOT / "build.py")]
    folder = ["--results", str(results)]
    subprocess.run([*build, "new", "v1", *folder], check=True, stdout=subprocess.DEVNULL)
    return [*build, "ingest", str(path), "--release", "v1", *folder]


def _measured(file: str, name: str, rows: int, command: Sequence[str]) -> Read:
    start = perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{name} of {file} ended with {process.returncode}")
    return Read(file, name, rows, seconds, usage.ru_maxrss / 1000)


def _write(path: Path, rows: int) -> None:
    """Write outcomes without chance: every field has many values, no two rows the same key."""
    with path.open("wb") as file:
        for offset in range(0, rows, SLICE):
            part = _rows(offset, min(SLICE, rows - offset))
            if path.suffix == ".csv":
                part.write_csv(file, include_header=offset == 0)
            elif path.suffix == ".jsonl":
                part.write_ndjson(file)
    if path.suffix == ".parquet":
        lazy = [_rows(o, min(SLICE, rows - o)).lazy() for o in range(0, rows, SLICE)]
        pl.concat(lazy).sink_parquet(path)


def _rows(offset: int, count: int) -> pl.DataFrame:
    at = pl.int_range(offset, offset + count, dtype=pl.Int64())
    mixed = at * 7919 % 9973
    return pl.select(
        model=pl.concat_str(pl.lit("model-"), (at % MODELS).cast(pl.String())),
        problem=pl.concat_str(
            pl.lit("category/problem-"), (at // (MODELS * SAMPLES)).cast(pl.String())
        ),
        sample=at // MODELS % SAMPLES,
        compiled=mixed > 900,
        passed=mixed > 4000,
        runtime_s=(mixed + 1) / 991,
    )


if __name__ == "__main__":
    found = reads(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
    print(json.dumps([asdict(read) for read in found], indent=1))
