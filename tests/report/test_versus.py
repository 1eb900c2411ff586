"""Any two models: the panel says what the analysis has, from both sides, and its files agree."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from small import write_outcome_release

from harness.reader import read_release
from report import numbers
from report.analysis import analyse
from report.analysis.strata import strata_pairs
from report.exhibits.common import MODEL_PAGES, Context
from report.versus import Versus
from report.versus_page import versus_files, versus_html
from stats.independent import miettinen_nurminen_limits
from stats.problem_contrasts import score_limits_of_differences
from stats.tango import tango_limits

ROOT = Path(__file__).resolve().parents[2]
CELLS = "problem,category,difficulty\n" + "".join(
    f"p{i},{'Maths' if i % 2 else 'Graphs'},{'easy' if i < 5 else 'hard'}\n" for i in range(10)
)
PASSES = {"a": "+++++++---", "b": "+-+-+-+---", "c": "-----+---+"}


def outcomes(letters: dict[str, str]) -> str:
    lines = [
        f"{model},p{i},{'true' if letter == '+' else 'false'}"
        for model, row in letters.items()
        for i, letter in enumerate(row)
        if letter != " "
    ]
    return "model,problem,passed\n" + "\n".join(lines) + "\n"


def context_of(tmp_path: Path, letters: dict[str, str]) -> Context:
    folder = write_outcome_release(tmp_path, outcomes(letters), problems=CELLS)
    return Context(analyse(read_release(folder)))


def given(content: bytes) -> tuple[str, dict[str, object]]:
    found = re.fullmatch(r"benchproof\.versus\((\"[^\"]*\"),(.*)\);\n", content.decode())
    assert found
    return json.loads(found[1]), json.loads(found[2])


def test_the_panel_by_hand(tmp_path: Path) -> None:
    context = context_of(tmp_path, PASSES)
    panel = Versus(context).panel("a", "b")
    # a alone passes p1, p3, p5; both pass p0, p2, p4, p6; neither p7 to p9.
    assert [row.cells for row in panel.counts] == [("4", "3", "0", "3")]
    assert panel.difference.startswith("+30.0 (")
    assert panel.standing == "not_separated"
    easy = panel.strata[0]
    assert easy.cells[:4] == ("easy", "5", "100.0%", "60.0%")
    low, high = (float(end[0]) for end in tango_limits([2], [0], [5]))
    assert easy.cells[4] == f"+40.0 ({numbers.points(low)} to {numbers.points(high)})"
    assert "does not tell them apart" in panel.lead


def test_a_pair_seen_from_the_other_side_is_mirrored(tmp_path: Path) -> None:
    versus = Versus(context_of(tmp_path, PASSES))
    for a, b in (("a", "b"), ("a", "c"), ("b", "c")):
        one, other = versus.panel(a, b), versus.panel(b, a)
        assert one.standing == other.standing
        assert one.corrected == other.corrected
        for mine, theirs in zip(one.rates + one.strata, other.rates + other.strata, strict=True):
            assert mine.bar
            assert theirs.bar
            assert mine.bar == pytest.approx([100 - place for place in reversed(theirs.bar)])


def test_strata_agree_with_single_calls_where_problems_are_missing(tmp_path: Path) -> None:
    analysis = context_of(tmp_path, {"a": "+++++  ---", "b": "+-+-+-+---"}).analysis
    strata = {(s.kind, s.name): s for s in strata_pairs(analysis)["a", "b"]}
    # Graphs are p0, p2, p4, p6, p8; a lacks p6.
    found = strata["category", "Graphs"]
    assert (found.rate_a, found.rate_b, found.difference.n) == (0.75, 0.75, 4)
    low, high = (float(end[0]) for end in tango_limits([0], [0], [4]))
    assert (found.difference.interval.low, found.difference.interval.high) == (low, high)


def test_shares_of_problems_get_the_score_interval(tmp_path: Path) -> None:
    rows = "model,problem,score\n" + "".join(
        f"{m},p{i},{(i + shift) % 10 / 10}\n"
        for m, shift in (("a", 0), ("b", 3))
        for i in range(10)
    )
    folder = write_outcome_release(tmp_path, rows, problems=CELLS, main="score")
    context = Context(analyse(read_release(folder)))
    a, b = np.arange(10) / 10, (np.arange(10) + 3) % 10 / 10
    easy = {s.name: s for s in strata_pairs(context.analysis)["a", "b"]}["easy"]
    gap = (a - b)[:5]
    low, high = score_limits_of_differences([gap.sum()], [(gap**2).sum()], [5])
    assert easy.difference.value == pytest.approx(gap.mean())
    assert easy.difference.interval.low == pytest.approx(float(low[0]))
    assert easy.difference.interval.high == pytest.approx(float(high[0]))
    assert "with another share" in versus_html(context)


def test_counts_give_the_range_of_the_paired_test_and_unlinked_strata() -> None:
    analysis = analyse(read_release(ROOT / "results/v0.1"))
    a, b = (part.model for part in analysis.breakdowns[:2])
    panel = Versus(Context(analysis)).panel(a, b)
    assert panel.counts == ()
    pair = analysis.pair(a, b)
    assert panel.rates[0].cells[-3].split(" to ")[0] == numbers.p_value(pair.p_paired_low)
    found = [s for s in strata_pairs(analysis)[a, b] if s.kind == "difficulty"]
    assert len(found) == len(panel.strata) - sum(
        s.kind == "category" for s in strata_pairs(analysis)[a, b]
    )
    for stratum in found:
        x, y = (
            next(
                cell.rate
                for cell in part.by_difficulty
                if cell.difficulty == stratum.name and cell.rate.metric == "passed"
            )
            for part in analysis.breakdowns[:2]
        )
        low, high = miettinen_nurminen_limits([x.count], [x.n], [y.count], [y.n])
        limits = stratum.difference.interval
        assert (limits.low, limits.high) == (float(low[0]), float(high[0]))
        assert stratum.difference.value == x.value - y.value


def test_files_hold_every_pair_as_the_page_shows_it(tmp_path: Path) -> None:
    context = context_of(tmp_path, PASSES)
    files = versus_files(context)
    assert files.keys() == {"data/versus.js", *(f"data/versus/{m}.js" for m in "abc")}
    name, index = given(files["data/versus.js"])
    assert name == ""
    assert [slug for slug, _ in index["models"]] == ["a", "b", "c"]  # type: ignore[attr-defined]
    for model in "abc":
        name, own = given(files[f"data/versus/{model}.js"])
        assert name == model
        assert own["results"] == ["passed" if x == "+" else "failed" for x in PASSES[model]]
        for other, panel in own["against"].items():  # type: ignore[attr-defined]
            assert panel == json.loads(json.dumps(Versus(context).panel(model, other).as_json()))


def test_too_many_models_are_said_to_be_too_many(tmp_path: Path) -> None:
    many = {f"m{k:02}": "+" * (k % 10) + "-" * (10 - k % 10) for k in range(MODEL_PAGES + 1)}
    context = context_of(tmp_path, many)
    assert versus_files(context) == {}
    page = versus_html(context)
    assert f"With {MODEL_PAGES + 1} models the pairs are too many" in page
    assert "<form" not in page
    assert context.pair_page("m00", "m01") is None


def test_names_of_problems_stay_text(tmp_path: Path) -> None:
    problems = 'problem,title\np0,"<img src=x onerror=alert(1)></script>"\np1,b\n'
    folder = write_outcome_release(
        tmp_path, outcomes({"a": "+-", "b": "-+"}), problems=problems, n_problems=2
    )
    context = Context(analyse(read_release(folder)))
    assert "<img" not in versus_html(context)
    assert all(b"<img" not in content for content in versus_files(context).values())
