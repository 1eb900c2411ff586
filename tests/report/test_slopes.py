"""Labels beside a slope chart: apart by at least a line, in order, as little moved as may be."""

from itertools import pairwise

import altair as alt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.charts.slopes import change_chart, parts_chart, shortened, slope_chart, spread

quick = settings(derandomize=True, deadline=None, max_examples=200)
rates = st.lists(st.floats(0, 1), max_size=20).map(sorted)


@quick
@given(rates)
def test_labels_are_in_order_and_apart(values: list[float]) -> None:
    gap = 0.04
    found = spread(values, gap, 0, 1)
    assert len(found) == len(values)
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(found))
    assert all(-1e-9 <= at <= 1 + 1e-9 for at in found)


@quick
@given(rates)
def test_labels_with_room_stay_where_they_are(values: list[float]) -> None:
    apart = [v for i, v in enumerate(values) if i == 0 or v - values[i - 1] >= 0.05]
    kept = [apart[0]] if apart else []
    for value in apart[1:]:
        if value - kept[-1] >= 0.05:
            kept.append(value)
    assert spread(kept, 0.04, -1, 2) == kept


def test_labels_pushed_down_from_the_top_push_the_next_ones() -> None:
    found = spread([0.93, 1.0, 1.0], 0.04, 0, 1)
    assert found == pytest.approx([0.92, 0.96, 1.0])


def test_two_equal_rates_share_the_space_around_them() -> None:
    assert spread([0.5, 0.5], 0.1, 0, 1) == pytest.approx([0.45, 0.55])


def rows() -> list[dict[str, object]]:
    both = {"a": 0.2, "a_low": 0.1, "a_high": 0.3, "b": 0.4, "b_low": 0.3, "b_high": 0.5}
    texts = {"a_text": "20%", "b_text": "40%", "tip": "20% → 40%"}
    gone = {"b": None, "b_low": None, "b_high": None}
    return [
        {"model": "One", "state": "up", **both, **texts},
        {"model": "Gone", "state": "same", **both, **gone, **texts},
    ]


@pytest.mark.parametrize("width", [860, 342])
def test_the_specifications_are_vega_lite(width: int) -> None:
    change = {"value": 0.1, "low": 0, "high": 0.2, "wide_low": -0.1, "wide_high": 0.3}
    part = {"part": "re-scored", "value": 0.1, "total": 0.1, "place": 0}
    for spec in (
        slope_chart(rows(), width=width, before="v1", after="v2"),
        change_chart([{"model": "A", "state": "up", "tip": "", **change}], width=width, title="C"),
        parts_chart([{"model": "A", "tip": "", **part}], width=width, title="P"),
    ):
        alt.LayerChart.from_dict(spec)  # raises where the schema is broken


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Qwen 2.5 Coder 32B", "Qwen 2.5 Coder 32B"),
        ("M" * 40, "M" * 11 + "…"),
        ("i" * 20, "i" * 20),
        ("i" * 21, "i" * 19 + "…"),
        ("漢" * 11, "漢" * 9 + "…"),
        ("", ""),
    ],
)
def test_wide_letters_take_more_of_a_label(name: str, shown: str) -> None:
    assert shortened(name, 20) == shown
