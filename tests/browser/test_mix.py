"""Another mix: the browser's rates, limits and ranks are Python's to 1e-9, by slider and link."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from harness.reader import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.mix import Mix
from stats.difficulty import standardised_mean, standardised_rate
from stats.difficulty_ranks import standardised_rank_sets
from stats.problem_means import score_interval_of_means
from stats.proportion import normal_quantile

ROOT = Path(__file__).resolve().parents[2]
EXACT = {"rel": 0, "abs": 1e-9}


@pytest.fixture(scope="module")
def mix() -> Mix:
    return Mix(Context(analyse(read_release(ROOT / "results/v0.1"))))


@pytest.fixture
def seen(founding_site: Path, visit: Callable[..., Any]) -> Any:
    return visit(founding_site)


def state(mix: Mix, categories: dict[str, float], difficulties: dict[str, float]) -> dict[str, Any]:
    keys = mix.keys(mix.categories), mix.keys(mix.difficulties)
    return {f"c.{keys[0][n]}": f for n, f in categories.items()} | {
        f"d.{keys[1][n]}": f for n, f in difficulties.items()
    }


def compare(
    page: Page, mix: Mix, categories: dict[str, float], difficulties: dict[str, float]
) -> None:
    given = page.evaluate(
        "state => { benchproof.mix.set(state); benchproof.mix.show(); "
        "return benchproof.mix.results(); }",
        state(mix, categories, difficulties),
    )
    found = {own["key"]: own for own in given}
    expected = mix.standardised(categories, difficulties)
    assert found.keys() == {mix.context.slugs[placed.model] for placed in expected}
    for placed in expected:
        own = found[mix.context.slugs[placed.model]]
        assert own["estimate"] == pytest.approx(placed.estimate, **EXACT)
        assert own["low"] == pytest.approx(placed.interval.low, **EXACT)
        assert own["high"] == pytest.approx(placed.interval.high, **EXACT)
        assert tuple(own["ranks"]) == placed.ranks


def test_random_mixes_give_what_python_gives(seen: Any, mix: Mix) -> None:
    page, rng = seen.go("v0.1/mix.html"), np.random.default_rng(20_250_301)

    def factors(names: tuple[str, ...]) -> dict[str, float]:
        drawn = rng.choice([0.0, 0.05, 1.0, 4.0], size=len(names)) * rng.uniform(0.5, 1, len(names))
        drawn[0] = max(drawn[0], 0.05)  # one stays: a mix of nothing has no rate
        return dict(zip(names, drawn.tolist(), strict=True))

    for _ in range(60):
        difficulties, categories = factors(mix.difficulties), factors(mix.categories)
        compare(page, mix, {}, difficulties)
        compare(page, mix, categories, {})
        even = dict.fromkeys(mix.difficulties, 1.0) | {mix.difficulties[0]: 2.5}
        compare(page, mix, dict.fromkeys(mix.categories, 1.0) | {mix.categories[0]: 0.3}, even)
    seen.assert_clean()


def test_the_functions_are_those_of_the_statistics_room(seen: Any) -> None:
    """Any strata: many, of one problem, all passed, none passed, without problems."""
    page, rng = seen.go("v0.1/mix.html"), np.random.default_rng(7)
    rates, means, ranks = [], [], []
    for _ in range(300):
        size = int(rng.integers(1, 13))
        totals = rng.integers(0, 40, size)
        totals[0] = max(totals[0], 1)
        passes = rng.binomial(totals, rng.choice([0.0, 0.1, 0.5, 0.97, 1.0]))
        weights = rng.exponential(size=size) * rng.integers(0, 2, size) + (np.arange(size) == 0)
        level = float(rng.choice([0.8, 0.95, 0.9989]))
        own = standardised_rate(passes, totals, weights, level=level)
        call = [passes.tolist(), totals.tolist(), weights.tolist(), normal_quantile(level)]
        rates.append((call, [own.estimate, own.interval.low, own.interval.high]))
        values = [rng.random(int(n)) for n in totals]
        share = standardised_mean(values, weights, level=level)
        strata = [{"n": 0}] * size
        for h, v in enumerate(values):
            if v.size:
                one = score_interval_of_means(v, level=level)
                strata[h] = {
                    "n": v.size, "mean": one.value,
                    "low": one.interval.low, "high": one.interval.high,
                }  # fmt: skip
        call = [strata, weights.tolist()]
        means.append((call, [share.estimate, share.interval.low, share.interval.high]))
        value = rng.random(size)
        low, high = value - 0.2 * rng.random(size), value + 0.2 * rng.random(size)
        models = [
            {"estimate": v, "low": a, "high": b}
            for v, a, b in zip(value.tolist(), low.tolist(), high.tolist(), strict=True)
        ]
        ranks.append(([models], standardised_rank_sets(value, low, high).tolist()))
    for name, cases in (("standardisedRate", rates), ("standardisedMean", means)):
        script = (
            "([name, calls]) => calls.map(call => benchproofStatistics[name](...call))"
            ".map(({ estimate, low, high }) => [estimate, low, high])"
        )
        given = page.evaluate(script, [name, [call for call, _ in cases]])
        for (_, expected), found in zip(cases, given, strict=True):
            assert found == pytest.approx(expected, **EXACT)
    script = "calls => calls.map(call => benchproofStatistics.rankSets(...call))"
    assert page.evaluate(script, [call for call, _ in ranks]) == [found for _, found in ranks]


def test_sliders_move_by_key_speak_and_are_kept_in_the_address(seen: Any, mix: Mix) -> None:
    page = seen.go("v0.1/mix.html")
    written = page.locator(".bp-mix tbody").inner_text()
    hard = mix.difficulties[-1]
    slider = page.get_by_label(hard, exact=True)
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext").startswith("×2, ")
    key = f"d.{mix.keys(mix.difficulties)[hard]}"
    assert page.evaluate("location.hash") == f"#{key}=2"
    compare(page, mix, {}, {hard: 2.0})
    expect(page.locator(".bp-mix__status")).to_contain_text("Your mix, standardised over")
    moved = page.locator(".bp-mix tbody").inner_text()
    assert moved != written
    page.reload()
    expect(slider).to_have_value("2")
    assert page.locator(".bp-mix tbody").inner_text() == moved
    page.get_by_role("button", name="Reset to the benchmark’s mix").click()
    assert page.locator(".bp-mix tbody").inner_text() == written
    assert page.evaluate("location.hash") == ""
    seen.assert_clean()


def test_a_mix_of_nothing_says_so(seen: Any, mix: Mix) -> None:
    keys = mix.keys(mix.difficulties).values()
    page = seen.go("v0.1/mix.html#" + "&".join(f"d.{key}=0" for key in keys))
    expect(page.locator(".bp-mix__status")).to_contain_text("leaves no problem")
    assert page.locator(".bp-mix tbody tr").count() == 0
    seen.assert_clean()


def test_from_disk_the_first_table_is_what_the_build_wrote(
    founding_site: Path, visit: Callable[..., Any]
) -> None:
    texts = []
    for javascript in (True, False):
        seen = visit(founding_site, from_disk=True, java_script_enabled=javascript)
        texts.append(seen.go("v0.1/mix.html").locator(".bp-mix tbody").inner_text())
        assert seen.page.locator(".bp-mix__form").is_visible() == javascript
        seen.assert_clean()
    assert texts[0] == texts[1]


def test_it_fits_a_phone(founding_site: Path, visit: Callable[..., Any]) -> None:
    page = visit(founding_site, viewport={"width": 390, "height": 844}).go("v0.1/mix.html")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
