"""The founding report through the statistics: figures worked by hand, identities, and limits."""

import math
from dataclasses import replace

import pytest

from harness.release import Count
from report.analysis import analyse
from report.exhibits.common import Context
from report.quantities import as_json


def test_rates_are_counts_over_problems(founding: Context) -> None:
    rate = founding.analysis.rates["h2loop-coder", "passed"]
    assert (rate.successes, rate.n) == (48, 107)
    # Wilson by hand: centre (48 + z²/2) / (107 + z²), z = 1.959964.
    z2 = 1.959963984540054**2
    centre = (48 + z2 / 2) / (107 + z2)
    half = math.sqrt(z2) / (107 + z2) * math.sqrt(48 * 59 / 107 + z2 / 4)
    assert rate.wilson.low == pytest.approx(centre - half, abs=1e-12)
    assert rate.wilson.high == pytest.approx(centre + half, abs=1e-12)


def test_models_stand_in_order_of_their_pass_rate(founding: Context) -> None:
    values = [rate.value for rate in founding.analysis.rates_of("passed")]
    assert values == sorted(values, reverse=True)
    assert len(values) == 10


def test_every_pair_once(founding: Context) -> None:
    for metric in ("passed", "compiled"):
        pairs = founding.analysis.pairs_of(metric)
        assert len({frozenset((pair.a, pair.b)) for pair in pairs}) == len(pairs) == 45
        assert all(pair.difference.value >= 0 for pair in pairs)


def test_the_paired_range_holds_the_unlinked_order(founding: Context) -> None:
    for pair in founding.analysis.pairs:
        assert 0 <= pair.p_paired_low <= pair.p_paired_high <= 1
        assert pair.adjusted >= pair.test.p_value
        assert pair.adjusted_paired_low <= pair.adjusted_paired_high


def test_significantly_outperforms_is_open_where_the_report_was_sure(founding: Context) -> None:
    pair = founding.analysis.pair("h2loop-coder", "deepseek-coder-v2-lite")
    assert pair.standing(0.05) == "open"
    assert pair.p_paired_low < 0.01
    assert pair.p_paired_high > 0.3
    pair = founding.analysis.pair("h2loop-multimodal", "deepseek-coder-v2-lite")
    assert pair.standing(0.05) == "not_separated"


def test_a_rank_holding_for_any_pairing_is_never_narrower_than_its_position(
    founding: Context,
) -> None:
    for rank in founding.analysis.ranks:
        assert rank.unlinked[0] <= rank.position <= rank.unlinked[1]
        assert rank.any_pairing[0] <= rank.position <= rank.any_pairing[1]


def test_the_gap_is_a_gap_of_counts_not_of_rounded_rates(founding: Context) -> None:
    gap = founding.quantities["gap/similar/h2loop-coder/passed"]
    mean = (39 / 107 + 23 / 106 + 14 / 107) / 3
    assert gap.value == pytest.approx(48 / 107 - mean, abs=1e-15)
    assert round(100 * gap.value, 1) == 21.1  # the report printed 21.2
    relative = founding.quantities["gap_relative/similar/h2loop-coder/passed"]
    assert relative.value == pytest.approx(48 / 107 / mean - 1)


def test_efficiency_ranks_contradict_the_report(founding: Context) -> None:
    ranks = {found.model: found.rank for found in founding.analysis.efficiencies}
    assert ranks["h2loop-multimodal"] == 5
    assert ranks["h2loop-coder"] == 6
    assert ranks["gemma-3-27b"] < ranks["h2loop-multimodal"]


def test_nothing_on_the_pareto_front_is_beaten(founding: Context) -> None:
    points = {
        found.model: (found.size, founding.analysis.rates[found.model, "passed"].value)
        for found in founding.analysis.efficiencies
    }
    for found in founding.analysis.efficiencies:
        size, value = points[found.model]
        beaten = any(
            s <= size and v >= value and (s, v) != (size, value) for s, v in points.values()
        )
        assert found.pareto is not beaten


def test_cells_add_up_to_the_overall_rates(founding: Context) -> None:
    for own in founding.analysis.breakdowns:
        for metric in ("compiled", "passed"):
            total = founding.analysis.rates[own.model, metric]
            for margin in (own.cells, own.by_category, own.by_difficulty):
                found = [cell.rate for cell in margin if cell.rate.metric == metric]
                assert sum(r.successes for r in found) == total.successes
                assert sum(r.n for r in found) == total.n


def test_standardising_to_its_own_mix_changes_nothing(founding: Context) -> None:
    # Coder has all 107 problems, so the benchmark's mix is the mix it attempted.
    raw = founding.quantities["passed/h2loop-coder"].value
    assert founding.quantities["standardised/benchmark/h2loop-coder"].value == pytest.approx(raw)
    # Multimodal lacks one hard problem, which makes its raw rate a little too good.
    raw = founding.quantities["passed/h2loop-multimodal"].value
    own = founding.quantities["standardised/benchmark/h2loop-multimodal"].value
    assert own < raw


def test_equal_input_gives_equal_output(founding: Context) -> None:
    again = Context(analyse(founding.analysis.release))
    assert as_json(again.quantities) == as_json(founding.quantities)


def test_differences_mirror(founding: Context) -> None:
    for key, quantity in founding.quantities.items():
        kind, *where = key.split("/")
        if kind != "difference":
            continue
        metric, a, b = where
        mirror = founding.quantities[f"difference/{metric}/{b}/{a}"]
        assert mirror.value == -quantity.value
        assert quantity.interval is not None
        assert mirror.interval is not None
        assert mirror.interval.low == -quantity.interval.high


def test_every_interval_holds_its_value(founding: Context) -> None:
    for key, quantity in founding.quantities.items():
        if quantity.interval is not None:
            assert quantity.interval.contains(quantity.value), key


def test_a_release_of_one_model_has_no_pairs_and_rank_one(founding: Context) -> None:
    release = founding.analysis.release
    alone = replace(
        release,
        counts=(Count("kimi-k2", 107, 79, 64),),
        comparisons=(),
        summaries=(),
        printed=(),
    )
    analysis = analyse(alone)
    assert analysis.pairs == ()
    assert analysis.ranks[0].unlinked == (1, 1)


def test_models_that_solve_all_or_none_have_intervals_with_width(founding: Context) -> None:
    release = founding.analysis.release
    extreme = replace(
        release,
        counts=(Count("kimi-k2", 107, 107, 107), Count("gemma-3-27b", 107, 0, 0)),
        comparisons=(),
        summaries=(),
        printed=(),
    )
    rates = analyse(extreme).rates
    assert rates["kimi-k2", "passed"].wilson.low < 1
    assert rates["kimi-k2", "passed"].bootstrap.width == 0  # why it is never shown alone
    assert rates["gemma-3-27b", "passed"].wilson.high > 0
    # Nothing compiled, so there is no rate "of the compiled" to show.
    assert ("gemma-3-27b", "passed_of_compiled") not in rates
