"""How firm the order is: first places, rank sets, letters, posterior of a pair."""

from pathlib import Path

import pytest
from small import write_outcome_release

from harness.reader import read_release
from report import numbers
from report.analysis import analyse
from report.exhibits.common import Context
from report.exhibits.standing import places_table

ROOT = Path(__file__).resolve().parents[2]


def outcomes(**models: str) -> str:
    return "model,problem,passed\n" + "".join(
        f"{model},p{i},{'true' if letter == '+' else 'false'}\n"
        for model, letters in models.items()
        for i, letter in enumerate(letters)
    )


def test_a_model_that_passes_everything_comes_first_in_every_resample(tmp_path) -> None:
    rows = outcomes(a="+" * 10, b="+" * 5 + "-" * 5, c="-" * 9 + "+")
    found = analyse(read_release(write_outcome_release(tmp_path, rows))).order
    assert found is not None
    assert found.method == "joint_bootstrap"
    first, *rest = found.places
    # b equals a in a resample only if the five problems that b fails are never drawn: 1 in 1,024.
    assert first.model == "a"
    assert first.best == pytest.approx(1 - 0.5 / 1024, abs=0.002)
    assert sum(p.best or 0 for p in found.places) == pytest.approx(1)
    assert first.contender
    assert not rest[-1].contender
    assert found.omnibus is not None
    assert found.omnibus.method == "cochran_q"


def test_marginal_rank_sets_lie_within_the_simultaneous_ones() -> None:
    analysis = analyse(read_release(ROOT / "results" / "v0.1"))
    assert analysis.order is not None
    assert analysis.order.method == "independent_binomial_bootstrap"
    assert analysis.order.omnibus is None
    for place, rank in zip(analysis.order.places, analysis.ranks, strict=True):
        assert rank.unlinked[0] <= place.marginal[0] <= place.marginal[1] <= rank.unlinked[1]


def test_models_share_a_letter_unless_a_test_tells_them_apart() -> None:
    analysis = analyse(read_release(ROOT / "results" / "v0.1"))
    assert analysis.order is not None
    letters = {p.model: set(p.letters) for p in analysis.order.places}
    for pair in analysis.pairs_of("passed"):
        apart = pair.adjusted <= 0.05 and pair.difference.value != 0
        assert apart is not bool(letters[pair.a] & letters[pair.b])


def test_the_best_model_reaches_all_of_itself_and_no_ratio_exceeds_it() -> None:
    analysis = analyse(read_release(ROOT / "results" / "v0.1"))
    assert analysis.order is not None
    ratios = [ratio for metric, _, ratio in analysis.order.ratios if metric == "passed"]
    assert ratios[0].value == 1
    assert all(0 <= r.interval.low <= r.value <= r.interval.high <= 1 for r in ratios)


def test_the_posterior_of_a_pair_mirrors(tmp_path) -> None:
    rows = outcomes(a="+++++---", b="+-----+-")
    context = Context(analyse(read_release(write_outcome_release(tmp_path, rows, n_problems=8))))
    one, other = (context.quantities[f"better/passed/{k}"] for k in ("a/b", "b/a"))
    # Four against one discordant: Beta(4.5, 1.5) above one half.
    assert one.value == pytest.approx(0.9121, abs=1e-3)
    assert one.value + other.value == pytest.approx(1)
    assert one.method == "dirichlet_paired"


def test_the_table_of_places_says_why_something_is_missing(tmp_path) -> None:
    rows = "model,problem,passed\na,p0,true\na,p1,false\nb,p1,true\n"
    context = Context(analyse(read_release(write_outcome_release(tmp_path, rows, n_problems=2))))
    table = places_table(context)
    assert table.rows[0]["best"].text == "–"
    assert table.rows[0]["best"].title


def test_a_chance_is_never_written_as_certain() -> None:
    assert [numbers.chance(p) for p in (0.0, 1e-6, 0.5, 1 - 1e-6, 1.0)] == [
        "0.0%",
        "<0.1%",
        "50.0%",
        ">99.9%",
        "100.0%",
    ]
