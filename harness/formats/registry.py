"""Every format that can be read, and which one a file is, by its content."""

from collections.abc import Sequence
from pathlib import Path

from harness.errors import ResultFileError
from harness.formats import (
    aider,
    bigcode_harness,
    bigcodebench,
    cruxeval,
    evalperf,
    evalplus,
    evalplus_leaderboard,
    every_eval_ever,
    every_eval_ever_samples,
    execution_details,
    helm,
    humaneval_x,
    inspect_log,
    livecodebench,
    livecodebench_site,
    lm_eval,
    lm_eval_results,
    multipl_e,
    own,
    pareval,
    pareval_table,
    resolved_map,
    swe_bench,
    tau2_bench,
    tau_bench,
)
from harness.formats.files import head
from harness.formats.reading import Format
from harness.text import listed, suggestion

FORMATS: tuple[Format, ...] = (
    # One line for each module, foreign formats first, in the alphabet's order.
    aider.FORMAT,
    bigcode_harness.FORMAT,
    bigcodebench.FORMAT,
    cruxeval.FORMAT,
    *evalperf.FORMATS,
    evalplus.FORMAT,
    evalplus_leaderboard.FORMAT,
    every_eval_ever.FORMAT,
    every_eval_ever_samples.FORMAT,
    execution_details.FORMAT,
    helm.FORMAT,
    humaneval_x.FORMAT,
    inspect_log.FORMAT,
    livecodebench.FORMAT,
    livecodebench_site.FORMAT,
    lm_eval.FORMAT,
    lm_eval_results.FORMAT,
    multipl_e.FORMAT,
    pareval.FORMAT,
    pareval_table.FORMAT,
    resolved_map.FORMAT,
    *swe_bench.FORMATS,
    tau2_bench.FORMAT,
    tau_bench.FORMAT,
    *own.FORMATS,
)


def detect(path: Path) -> Format:
    """Tell which harness wrote a file or a run folder.

    Raises
    ------
    ResultFileError
        There is no such file, no format knows it, or several do.
    """
    if not path.exists():
        raise ResultFileError(
            path, found="no such file or folder", expected="the output of a harness"
        )
    found = candidates(path)
    if len(found) == 1:
        return found[0]
    raise _unknown(path) if not found else _ambiguous(path, found)


def candidates(path: Path) -> tuple[Format, ...]:
    """List the formats that take a file or folder for theirs."""
    start = head(path)
    return tuple(format_ for format_ in FORMATS if format_.matches(path, start))


def by_id(name: str, path: Path) -> Format:
    """Give the format that the user named.

    Raises
    ------
    ResultFileError
        There is none of that name.
    """
    for format_ in FORMATS:
        if format_.id == name:
            return format_
    ids = [format_.id for format_ in FORMATS]
    raise ResultFileError(
        path,
        field="--format",
        found=f'"{name}" is no format',
        expected="a format that can be read",
        way_out=suggestion(name, ids) if len(ids) <= 12 else f"Known: {listed(ids)}.",
    )


def _unknown(path: Path) -> ResultFileError:
    harnesses = sorted({f.harness for f in FORMATS}, key=str.casefold)
    empty = path.is_file() and not path.stat().st_size
    return ResultFileError(
        path,
        found="the file is empty" if empty else "no output of a harness that is known",
        expected=f"a file as it was written by one of: {', '.join(harnesses)}",
        way_out="Name the format with --format, or write CSV with the columns "
        "model,problem,sample,passed (results/README.md).",
    )


def _ambiguous(path: Path, found: Sequence[Format]) -> ResultFileError:
    return ResultFileError(
        path,
        found=f"could be {listed(f.id for f in found)}",
        expected="content that only one format has",
        way_out=f"Say which: --format {found[0].id}.",
    )
