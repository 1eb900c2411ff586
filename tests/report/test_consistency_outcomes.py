"""The audit on releases with single outcomes, and with outcomes only."""

from pathlib import Path

import numpy as np
import pytest
from small import write_outcome_release
from undrawn import Undrawn

from harness.folder import read_release
from report.analysis import analyse
from report.consistency import Finding, findings
from report.exhibits.common import Context
from report.pages import render_pages

DOCS = Path(__file__).resolve().parents[2] / "docs"
N = 24
PATTERNS = {
    "a": "110100110101100110101001",
    "b": "110100110101100110101001",
    "c": "111000101101110010100011",
    "d": "010101110100101110101101",
}


def outcomes(
    patterns: dict[str, str], *, runtimes: dict[str, list[float]] | None = None, skip: str = ""
) -> str:
    lines = ["model,problem,passed" + (",runtime_s" if runtimes else "")]
    for model, pattern in patterns.items():
        for i, bit in enumerate(pattern):
            if f"{model}{i}" == skip:
                continue
            passed = "true" if bit == "1" else "false"
            runtime = f",{runtimes[model][i]}" if runtimes else ""
            lines.append(f"{model},p{i:02},{passed}{runtime}")
    return "\n".join(lines) + "\n"


def audited(tmp_path: Path, text: str, *, problems: str = "") -> tuple[Context, list[Finding]]:
    folder = write_outcome_release(tmp_path, text, n_problems=N, problems=problems)
    context = Context(analyse(read_release(folder)))
    return context, list(findings(context.audit))


def test_a_copied_column_of_outcomes(tmp_path: Path) -> None:
    _, found = audited(tmp_path, outcomes(PATTERNS))
    (copied,) = [f for f in found if f.rule == "copied-outcomes"]
    assert (copied.severity, copied.models) == ("doubtful", ("a", "b"))
    assert copied.found == "A and B have the same outcome on every problem"
    assert copied.arithmetic.startswith("24 problems, 13.0 passed; ")


def test_models_that_solve_everything_are_no_copies(tmp_path: Path) -> None:
    solved = {model: "1" * (N - 1) + last for model, last in zip("abcd", "1110", strict=True)}
    _, found = audited(tmp_path, outcomes(solved))
    assert [f for f in found if f.rule == "copied-outcomes"] == []


def test_models_that_differ_on_one_problem_are_no_copies(tmp_path: Path) -> None:
    almost = {**PATTERNS, "b": "0" + PATTERNS["b"][1:]}
    context, found = audited(tmp_path, outcomes(almost))
    assert [f for f in found if f.rule.startswith("copied")] == []
    held = {r.rule.id: r.held for r in context.audit}
    assert held["copied-outcomes"] == 4


def test_runtimes_that_are_equal_to_the_last_digit(tmp_path: Path) -> None:
    rng = np.random.default_rng(20_240_601)
    times = {model: rng.uniform(0.1, 9, N).tolist() for model in "abcd"}
    text = outcomes(PATTERNS, runtimes={**times, "c": times["d"]})
    _, found = audited(tmp_path, text)
    (copied,) = [f for f in found if f.rule == "copied-runtimes"]
    assert (copied.severity, copied.models) == ("contradiction", ("c", "d"))
    assert copied.arithmetic == "24 of 24 runtimes are equal to the last digit."


def test_a_missing_outcome_changes_the_number_of_problems(tmp_path: Path) -> None:
    _, found = audited(tmp_path, outcomes(PATTERNS, skip="c3"))
    (short,) = [f for f in found if f.rule == "all-problems"]
    assert (short.severity, short.models, short.expected) == ("note", ("c",), "23 for C")


@pytest.mark.parametrize(("column", "severity"), [("url", "contradiction"), ("title", "doubtful")])
def test_problems_that_stand_twice(tmp_path: Path, column: str, severity: str) -> None:
    values = [f"https://example.org/{i}" for i in range(N - 1)] + ["https://example.org/0"]
    rows = "".join(f"p{i:02},One,easy,{value}\n" for i, value in enumerate(values))
    problems = f"problem,category,difficulty,{column}\n{rows}"
    _, found = audited(tmp_path, outcomes(PATTERNS), problems=problems)
    (twice,) = [f for f in found if f.rule == "problems-twice"]
    assert (twice.severity, twice.found) == (severity, f"2 problems with one {column}")
    assert twice.arithmetic == "p00, p23"


def test_the_page_of_outcomes_alone(tmp_path: Path) -> None:
    context, found = audited(tmp_path, outcomes(PATTERNS))
    pages = render_pages(context, docs=DOCS, placer=Undrawn(cache=None))
    page = next(page.markdown for page in pages if page.path == "audit.md")
    assert all(f'id="{finding.id}"' in page for finding in found)


def test_shares_of_repeated_samples_are_no_counts(tmp_path: Path) -> None:
    lines = ["model,problem,sample,passed"]
    lines += [
        f"{model},p{i:02},{sample},{'true' if (int(bit) + sample) % 2 else 'false'}"
        for model, pattern in PATTERNS.items()
        for i, bit in enumerate(pattern)
        for sample in (0, 1, 2)
    ]
    context, found = audited(tmp_path, "\n".join(lines) + "\n")
    assert [f.models for f in found if f.rule == "copied-outcomes"] == [("a", "b")]
    assert all(total.passed is None for total in context.facts.totals.values())
