"""Another mix: the groupings, the stated mixes of the difficulty page, the files."""

from functools import cache
from pathlib import Path

import pytest
from small import write_outcome_release

from harness.reader import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.mix import Mix
from report.mix_page import mix_files, mix_html

ROOT = Path(__file__).resolve().parents[2]
CELLS = "problem,category,difficulty\n" + "".join(
    f"p{i},{'Maths' if i % 2 else 'Graphs'},{'easy' if i < 5 else 'hard'}\n" for i in range(10)
)


@cache
def founding() -> Mix:
    return Mix(Context(analyse(read_release(ROOT / "results/v0.1"))))


def scores(tmp_path: Path) -> Mix:
    rows = "model,problem,score\n" + "".join(
        f"{m},p{i},{(i * step) % 10 / 10}\n" for m, step in (("a", 1), ("b", 3)) for i in range(10)
    )
    folder = write_outcome_release(tmp_path, rows, problems=CELLS, main="score")
    return Mix(Context(analyse(read_release(folder))))


def test_the_benchmarks_mix_is_that_of_the_difficulty_page() -> None:
    mix = founding()
    stated = {
        part.model: next(s.result for s in part.standardised if s.mix == "benchmark")
        for part in mix.context.analysis.breakdowns
    }
    found = mix.standardised({}, {})
    assert {placed.model for placed in found} == stated.keys()
    for placed in found:
        assert placed.estimate == stated[placed.model].estimate
        assert placed.interval == stated[placed.model].interval


def test_presets_are_the_stated_mixes() -> None:
    mix = founding()
    titles = {}
    for title, factors in mix.presets():
        titles[title] = {p.model: p for p in mix.standardised({}, factors)}
    assert titles
    for part in mix.context.analysis.breakdowns:
        for stated in part.standardised:
            if stated.title in titles:
                own = titles[stated.title][part.model]
                assert own.estimate == pytest.approx(stated.result.estimate, abs=1e-12)
                assert own.interval.low == pytest.approx(stated.result.interval.low, abs=1e-12)


def test_the_coarsest_grouping_holds_the_mix() -> None:
    mix = founding()
    difficulty, category = mix.difficulties[-1], mix.categories[0]
    assert mix.grouping({}, {}) == "difficulty"
    assert mix.grouping({}, {difficulty: 2}) == "difficulty"
    assert mix.grouping({category: 2}, {}) == "category"
    assert mix.grouping({category: 2}, {difficulty: 2}) == "cell"
    assert mix.grouping(dict.fromkeys(mix.categories, 2.0), {difficulty: 2}) == "difficulty"


def test_shares_of_problems_are_weighed_too(tmp_path: Path) -> None:
    mix = scores(tmp_path)
    only_hard = {p.model: p for p in mix.standardised({}, {"easy": 0.0})}
    # Problems 5 to 9 are hard: a scores 0.5 to 0.9 there.
    assert only_hard["a"].estimate == pytest.approx(0.7)
    assert only_hard["a"].interval.method == "mover"


def test_a_mix_without_problems_gives_nothing(tmp_path: Path) -> None:
    mix = scores(tmp_path)
    with pytest.raises(ValueError, match="not all 0"):
        mix.standardised({}, {"easy": 0.0, "hard": 0.0})


def test_a_release_without_parts_has_no_such_page(tmp_path: Path) -> None:
    folder = write_outcome_release(tmp_path, "model,problem,passed\na,p0,true\nb,p0,false\n")
    context = Context(analyse(read_release(folder)))
    assert not Mix(context).usable
    assert mix_files(context) == {}


def test_the_page_holds_a_labelled_slider_for_each_part() -> None:
    mix, page = founding(), mix_html(founding().context)
    sliders = len(mix.difficulties) + len(mix.categories)
    assert page.count('type="range"') == page.count("<label for=") == sliders
    assert page.count("<tr data-model=") == len(mix.models)


def test_names_that_look_alike_get_keys_of_their_own() -> None:
    assert list(founding().keys(["A b", "a-b", "?"]).values()) == ["a-b", "a-b-2", "other"]
