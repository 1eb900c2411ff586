"""Outcomes through the analysis: paired tests, shares, missing problems, worked by hand."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from small import write_outcome_release

from harness.reader import read_release
from report.analysis import analyse
from report.analysis.board import board
from report.quantities import quantities

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
shared = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared, which is not here")


def passes(**models: str) -> str:
    """Write outcomes: one letter for each problem, + passed, - failed, c did not compile."""
    lines = ["model,problem,compiled,passed"]
    for model, letters in models.items():
        for i, letter in enumerate(letters):
            if letter != " ":
                compiled = str(letter != "c").lower()
                lines.append(f"{model},p{i},{compiled},{str(letter == '+').lower()}")
    return "\n".join(lines) + "\n"


def analysed(tmp_path, outcomes, **more):
    return analyse(read_release(write_outcome_release(tmp_path, outcomes, **more)))


def test_a_pair_is_tested_on_the_problems_themselves(tmp_path):
    # 5 problems only a, 1 only b: mid-p is 2 (P(0) + P(1) / 2) = 2 (1 + 3) / 64 = 1/8.
    found = analysed(tmp_path, passes(a="+++++++-c-", b="++-----+--"))
    pair = found.pair("a", "b")
    assert pair.linked is not None
    assert pair.linked.table == (2, 5, 1, 2)
    assert pair.test.p_value == pytest.approx(1 / 8)
    assert pair.linked.p_exact == pytest.approx(14 / 64)
    assert pair.test.method == "mcnemar_midp"
    assert pair.difference.value == pytest.approx(0.4)
    assert pair.difference.interval.method == "tango"
    assert pair.standing(0.05) == "not_separated"


def test_no_pair_is_open_where_outcomes_are_known(tmp_path):
    found = analysed(tmp_path, passes(a="++++++++++", b="++++++----", c="----------"))
    assert {p.standing(0.05) for p in found.pairs_of("passed")} <= {"separated", "not_separated"}


def test_rates_count_and_share_of_compiled(tmp_path):
    found = analysed(tmp_path, passes(a="++c-------", b="+---------"))
    assert found.rates["a", "passed"].count == 2
    assert found.rates["a", "compiled"].count == 9
    assert found.rates["a", "passed_of_compiled"].n == 9


def test_missing_problems_are_left_out_pair_by_pair(tmp_path):
    found = analysed(tmp_path, passes(a="+++++ ----", b=" +-+-+----"))
    assert found.rates["a", "passed"].n == 9
    pair = found.pair("a", "b")
    assert pair.linked is not None
    assert pair.linked.n == 8
    assert pair.linked.adjusted_max_t is None
    assert {runs.model: runs.bracket.missing for runs in found.missing} == {"a": 1, "b": 1}


def test_missing_as_failed_moves_the_rate_and_keeps_the_bracket(tmp_path):
    found = analysed(tmp_path, passes(a="+++++ ----", b="++--------"), extra='missing = "failed"')
    rate = found.rates["a", "passed"]
    assert (rate.count, rate.n) == (5, 10)
    (runs,) = found.missing
    assert (runs.attempted, runs.bracket.low, runs.bracket.high) == (9, 0.5, 0.6)


def test_repeated_samples_are_shares_of_their_problem(tmp_path):
    rows = ["model,problem,sample,passed"]
    rows += [f"a,p{i},{k},{str(k < i).lower()}" for i in range(5) for k in range(4)]
    rows += [f"b,p{i},{k},{str(k < 2).lower()}" for i in range(5) for k in range(4)]
    found = analysed(tmp_path, "\n".join(rows), n_problems=5)
    assert found.fractional
    rate = found.rates["a", "passed"]
    assert rate.value == pytest.approx(0.5)
    assert (rate.n, rate.fractional) == (5, True)
    with pytest.raises(ValueError, match="shares of problems"):
        _ = rate.count
    pair = found.pair("a", "b")
    assert pair.test.method == "sign_flip"
    assert pair.linked is not None
    assert pair.linked.table is None
    # Differences -1/2, -1/4, 0, 1/4, 1/2: no sign vector sums to less than 0 in size.
    assert pair.test.p_value == 1


def test_the_other_way_round_on_common_problems(tmp_path):
    # By all its problems a is ahead, on those that b has it is far behind.
    a, b = "-" * 12 + "+" * 60, "+" * 12 + " " * 60
    third = "+-" * 36
    found = analysed(tmp_path, passes(a=a, b=b, c=third), n_problems=72)
    pair = found.pair("a", "b")
    assert pair.difference.value == -1.0 if pair.a == "a" else 1.0


def test_evidence_is_named_everywhere(tmp_path):
    named = quantities(analysed(tmp_path, passes(a="+++--", b="-+---"), n_problems=5))
    assert {q.evidence for q in named.values()} <= {"outcomes", None}
    assert named["p_exact/passed/a/b"].method == "mcnemar_exact"
    assert "p_paired_low/passed/a/b" not in named


def test_difficulties_without_categories(tmp_path):
    problems = "problem,difficulty\n" + "".join(
        f"p{i},{'easy' if i < 5 else 'hard'}\n" for i in range(10)
    )
    found = analysed(tmp_path, passes(a="+++++-----", b="+----+----"), problems=problems)
    first = found.breakdowns[0]
    passed = [c for c in first.by_difficulty if c.rate.metric == "passed"]
    assert [(c.difficulty, c.rate.count) for c in passed] == [("easy", 5), ("hard", 0)]
    assert first.cells == ()
    assert first.trends["passed"].p_value < 0.05


def test_the_board_keeps_what_the_file_says(tmp_path):
    folder = write_outcome_release(tmp_path, passes(b="+-", a="-+"), n_problems=2)
    laid = board(read_release(folder))
    assert laid is not None
    assert laid.models == ("b", "a")
    np.testing.assert_array_equal(laid.of("a"), [0, 1])
    np.testing.assert_array_equal(laid.common(["a", "b"]), [[0, 1], [1, 0]])


@shared
def test_exact_value_of_a_published_pair(tmp_path):
    lines = ["model,problem,passed"]
    with (SHARED / "evals-public/r1/raw_metrics.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            model = row["model"].lower().replace(" ", "-")
            problem = f"{row['problem_name']}/{row['parallelism_model']}"
            lines.append(f"{model},{problem},{row['are_all_valid'].lower()}")
    found = analysed(tmp_path, "\n".join(lines), n_problems=120)
    linked = found.pair("gemini-pro", "kimi-k2").linked
    assert linked is not None
    assert linked.table is not None
    assert linked.table[1:3] == (23, 9)
    assert linked.p_exact == pytest.approx(0.020062, abs=5e-7)


@shared
def test_averages_of_ten_samples_are_shares(tmp_path):
    file = SHARED / "livecodebench-site/2024-03-12/performances_generation.json"
    rows = json.loads(file.read_text("utf-8"))["performances"]
    rank = {name: i for i, name in enumerate(dict.fromkeys(r["model"] for r in rows))}
    lines = ["model,problem,score"]
    lines += [f"m{rank[r['model']]},{r['question_id']},{r['pass@1'] / 100}" for r in rows]
    found = analysed(tmp_path, "\n".join(lines), n_problems=400, main="score")
    assert len(found.rates_of("passed")) == 30
    best = found.rates_of("passed")[0]
    total = sum(r["pass@1"] for r in rows if f"m{rank[r['model']]}" == best.model)
    assert best.value == pytest.approx(total / 100 / 400)
