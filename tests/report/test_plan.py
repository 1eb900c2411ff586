"""`plan`: known figures, exact against approximate, options that cannot be, what is printed."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harness.errors import BenchproofError
from harness.folder import read_release
from report.analysis.power import (
    Needed,
    Plan,
    Setting,
    approximate_problems,
    detectable,
    needed,
    pairs_of,
    plan_for,
)
from report.plan import make_plan, needed_words, plan_json, print_plan, share
from stats.power import mcnemar_power, problems_needed_paired
from stats.power_unpaired import fisher_midp_region, fisher_power, problems_needed_unpaired

ROOT = Path(__file__).resolve().parents[2]


def paired(discordance: float) -> Setting:
    return Setting("mcnemar_midp", discordance)


def detected(plan: Plan, setting: Setting) -> float:
    found = plan.sees(setting).alone.difference
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("setting", "difference"),
    [
        (paired(0.2), 0.117),
        (paired(0.3), 0.146),
        (paired(0.4), 0.168),
        (Setting("fisher_exact", 0.5), 0.196),
        (Setting("fisher_midp", 0.5), 0.189),
        (Setting("z_pooled", 0.5), 0.189),
    ],
)
def test_what_107_problems_show(setting: Setting, difference: float) -> None:
    found = detected(make_plan((), problems=107), setting)
    assert found == pytest.approx(difference, abs=0.0005)


def test_a_detected_difference_has_the_power_that_was_asked_for() -> None:
    plan = make_plan((), problems=107, models=10, power=0.9)
    found = plan.sees(paired(0.3)).corrected.difference
    assert found is not None
    power = mcnemar_power(107, (0.3 + found) / 2, (0.3 - found) / 2, alpha=0.05 / 45)
    assert power == pytest.approx(0.9, abs=1e-9)


def test_needed_problems_have_it_too_and_one_fewer_has_not() -> None:
    (row,) = [r for r in make_plan((), difference=10, models=10).needed if r.setting == paired(0.3)]
    for found, alpha in ((row.alone, 0.05), (row.corrected, 0.05 / 45)):
        assert found is not None
        assert found.exact
        assert mcnemar_power(found.smallest, 0.2, 0.1, alpha=alpha) >= 0.8
        assert mcnemar_power(found.smallest - 1, 0.2, 0.1, alpha=alpha) < 0.8


def test_both_ends_of_the_saw_are_given_where_power_falls_back() -> None:
    # All problems discordant: only every other number of problems changes what can be rejected.
    found = needed(0.2, paired(1.0), alpha=0.05, power=0.8)
    expected = problems_needed_paired(0.2, 1.0)
    assert found == Needed(expected.smallest, expected.lasting, exact=True)
    assert found.lasting > found.smallest
    assert mcnemar_power(found.lasting - 1, 0.6, 0.4) < 0.8
    assert needed_words(found) == f"{found.smallest}, always from {found.lasting}"


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 45])
@pytest.mark.parametrize("discordance", [0.2, 0.3, 0.4, 1.0])
def test_the_approximation_of_paired_tests_is_within_two_percent(
    discordance: float, alpha: float
) -> None:
    found = needed(0.05, paired(discordance), alpha=alpha, power=0.8)
    assert found is not None
    assert found.exact is False
    near, share_a = found.smallest, (discordance + 0.05) / 2
    for n, enough in ((round(near * 0.98), False), (round(near * 1.02), True)):
        power = mcnemar_power(n, share_a, share_a - 0.05, alpha=alpha)
        assert (power >= 0.8) is enough


@pytest.mark.parametrize(("difference", "alpha"), [(0.25, 0.05), (0.2, 0.05), (0.2, 0.05 / 45)])
def test_the_approximation_of_unlinked_tests_is_within_three_percent(
    difference: float, alpha: float
) -> None:
    about = approximate_problems(difference, Setting("fisher_midp", 0.5), alpha=alpha, power=0.8)
    for n, enough in ((round(about * 0.97), False), (round(about * 1.03), True)):
        power = fisher_power(n, n, 0.5, 0.5 + difference, alpha=alpha, rejects=fisher_midp_region)
        assert (power >= 0.8) is enough


def test_the_approximation_by_hand() -> None:
    # Discordance 0.25, difference 0.15 = 0.25 * 0.6: variances 0.25 and 0.25 - 0.0225 = 0.2275.
    z_level, z_power = 1.959964, 0.841621
    by_hand = ((z_level * 0.5 + z_power * 0.2275**0.5) / 0.15) ** 2
    found = approximate_problems(0.15, paired(0.25), alpha=0.05, power=0.8)
    assert found == pytest.approx(by_hand, rel=1e-6)


def test_few_discordant_problems_are_searched_however_many_there_are() -> None:
    found = needed(0.02, paired(0.02), alpha=0.05, power=0.8)
    expected = problems_needed_paired(0.02, 0.02)
    assert found == Needed(expected.smallest, expected.lasting, exact=True)


def test_unlinked_needs_are_exact_where_small() -> None:
    found = needed(0.4, Setting("fisher_midp", 0.5), alpha=0.05, power=0.8)
    expected = problems_needed_unpaired(0.5, 0.9, rejects=fisher_midp_region)
    assert found == Needed(expected.smallest, expected.lasting, exact=True)


def test_a_difference_above_what_the_setting_allows_is_none() -> None:
    assert needed(0.31, paired(0.3), alpha=0.05, power=0.8) is None
    assert needed(0.51, Setting("fisher_midp", 0.5), alpha=0.05, power=0.8) is None
    assert needed_words(None) == "–"


def test_a_difference_equal_to_the_discordance_is_possible_whatever_its_last_digits() -> None:
    assert needed(0.1 + 0.2, paired(0.3), alpha=0.05, power=0.8) is not None


def test_more_models_see_less_and_need_more() -> None:
    plans = [make_plan((), problems=107, models=m) for m in (2, 5, 10, 50)]
    assert [plan.pairs for plan in plans] == [1, 10, 45, 1225]
    gaps = [plan.sees(paired(0.3)).corrected.difference or 1.0 for plan in plans]
    assert gaps == sorted(gaps)
    assert len(set(gaps)) == 4
    needs = [row.corrected.smallest for plan in plans for row in plan.needed[:1] if row.corrected]
    assert all(a < b for a, b in pairwise(needs))


def test_one_pair_is_not_corrected() -> None:
    assert pairs_of(2) == 1
    assert all(row.alone == row.corrected for row in make_plan((), problems=50).detectable)


def test_too_few_problems_see_nothing_and_say_how_little() -> None:
    found = detectable(10, paired(0.2), alpha=0.05, power=0.8)
    assert found.difference is None
    assert found.max_power == pytest.approx(mcnemar_power(10, 0.2, 0.0))


def test_unlinked_tests_are_left_out_of_plans_for_very_many_problems() -> None:
    plan = plan_for(2_600, 2, level=0.95, differences=(0.2,))
    assert [row.setting.test for row in plan.detectable] == ["mcnemar_midp"] * 3


def test_a_release_gives_its_problems_and_models(small_release: Callable[..., Path]) -> None:
    releases = [read_release(small_release())]
    plan = make_plan(releases, release="v1")
    assert (plan.problems, plan.models, plan.release) == (10, 2, "v1")
    assert make_plan(releases, release="v1", problems=300, models=5).problems == 300


def test_the_founding_release_is_planned_for_45_pairs() -> None:
    plan = make_plan([read_release(ROOT / "results" / "v0.1")], release="v0.1")
    assert (plan.problems, plan.pairs) == (107, 45)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "nothing to plan: name a release, or give --problems N or --difference POINTS"),
        ({"release": "v9"}, "no release is called 'v9'; known: v1"),
        ({"problems": 0}, "--problems must be between 1 and 20000, got 0"),
        ({"problems": 20_001}, "--problems must be between 1 and 20000"),
        ({"problems": 9, "models": 1}, "--models must be between 2 and 10000, got 1"),
        ({"difference": 0.0}, "--difference must be in percentage points"),
        ({"difference": 100.0}, "above 0 and below 100, got 100"),
        ({"difference": float("nan")}, "above 0 and below 100, got nan"),
        ({"problems": 9, "discordance": 0.001}, "--discordance must be a share between 0.01 and 1"),
        ({"problems": 9, "discordance": 20.0}, "got 20"),
        ({"difference": 30.0, "discordance": 0.2}, "a discordance of at least 0.3"),
        ({"problems": 9, "level": 95.0}, "--level must be at least 0.5 and below 1, got 95"),
        ({"problems": 9, "level": float("nan")}, "--level must be"),
        ({"problems": 9, "power": 1.0}, "--power must be above 1 - level = 0.05 and below 1"),
        ({"problems": 9, "power": 0.05}, "--power must be above"),
    ],
)
def test_what_cannot_be_planned_is_one_clear_error(
    small_release: Callable[..., Path], options: dict[str, Any], sentence: str
) -> None:
    releases = [read_release(small_release())]
    with pytest.raises(BenchproofError) as caught:
        make_plan(releases, **options)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_as_json_it_holds_every_row_at_full_precision() -> None:
    plan = make_plan((), problems=107, models=10)
    found = json.loads(json.dumps(plan_json(plan), allow_nan=False))
    assert (found["problems"], found["pairs"], found["release"]) == (107, 45, None)
    first = found["detectable"][0]
    assert (first["test"], first["discordance"], first["lower_rate"]) == ("mcnemar_midp", 0.2, None)
    assert first["difference"] == plan.detectable[0].alone.difference
    assert first["difference_corrected"] > first["difference"]
    ten = [r for r in found["needed"] if r["difference"] == 0.1 and r["discordance"] == 0.3]
    assert ten[0]["problems"] == {"smallest": 230, "always_from": 230, "exact": True}
    impossible = plan_json(make_plan((), difference=30))["needed"]
    assert isinstance(impossible, list)
    assert impossible[0]["problems"] is None


def printed(capsys: pytest.CaptureFixture[str], plan: Plan) -> str:
    capsys.readouterr()
    print_plan(plan)
    return " ".join(capsys.readouterr().out.split())


def test_a_person_reads_tables_with_what_they_assume(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, make_plan((), problems=107, models=10))
    assert "80% power, 95% level, 10 models" in text
    assert "107 problems show" in text
    assert "│ paired, 30% discordant │ McNemar mid-p │ 14.6 │ 20.6 │" in text
    assert "│ unlinked, from 50% │ Fisher exact │ 19.6 │ 27.4 │" in text
    assert "│ 10 points │ paired, 20% discordant │ 152 │ 318 │" in text
    assert "│ 2 points │ paired, 20% discordant │ ≈ 3,922 │" in text
    assert "Corrected for 45 pairs by Bonferroni, a cautious stand-in for Holm" in text
    assert "does not rise steadily" in text


def test_one_pair_has_no_corrected_column(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, make_plan((), difference=12.5, discordance=0.125))
    assert "Corrected" not in text
    assert "--models M corrects" in text
    assert "12.5 points" in text
    assert "12.5% discordant" in text
    assert "problems show" not in text


def test_what_is_not_seen_or_not_planned_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    few = printed(capsys, make_plan((), problems=10))
    assert "│ paired, 20% discordant │ McNemar mid-p │ none │" in few
    assert "none: even the largest possible difference is seen too rarely" in few
    many = printed(capsys, make_plan((), problems=2_600, difference=20))
    assert "Unlinked tests are planned up to 2,500 problems." in many


@pytest.mark.parametrize(("fraction", "words"), [(0.3, "30%"), (0.125, "12.5%"), (1.0, "100%")])
def test_a_share_has_the_digits_that_were_given(fraction: float, words: str) -> None:
    assert share(fraction) == words
