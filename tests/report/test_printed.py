"""Printed figures against the data: those that agree, and a list of those that do not."""

from collections import Counter

from report.exhibits.common import Context
from report.exhibits.printed import checks

DISAGREE = Counter(
    {
        # Gaps taken between rounded percentages: 21.116 and 14.936 points.
        ("2", "gap_points"): 2,
        ("2 highlights", "gap_points"): 2,
        # Table 4.2 against the picture whose counts add up to the overall table.
        ("4.2", "cell_pass_rate"): 8,
        # Kimi K2 is a trillion parameters in one table and 400 billion in the next.
        ("5.1", "parameters"): 1,
        ("5.3", "efficiency"): 1,
        ("5.3", "size_ratio"): 1,
        # "Most efficient", contradicted by the table that says so.
        ("5.3", "efficiency_rank"): 2,
        ("conclusion", "efficiency_rank"): 2,
        # 37 is Multimodal's ratio, printed for Coder.
        ("conclusion", "largest_size_ratio"): 1,
        # "About 91 %" of both; "7 to 37 times smaller" with a 27 B model among the large ones.
        ("closing", "proximity_compile"): 1,
        ("closing", "smallest_size_ratio"): 1,
    }
)


def test_all_thirty_rates_of_table_1_recompute(founding: Context) -> None:
    table = [check for check in checks(founding) if check.figure.table == "1"]
    assert len(table) == 30
    assert all(check.agrees for check in table)


def test_the_figures_that_do_not_recompute_are_exactly_these(founding: Context) -> None:
    found = Counter(
        (check.figure.table, check.figure.figure)
        for check in checks(founding)
        if check.agrees is False
    )
    assert found == DISAGREE


def test_every_printed_figure_of_the_final_report_can_be_computed(founding: Context) -> None:
    assert [c.reason for c in checks(founding) if c.agrees is None] == []


def test_what_a_draft_cannot_support_is_said(first_draft: Context) -> None:
    untold = [check for check in checks(first_draft) if check.agrees is None]
    assert untold
    assert all(check.computed is None and check.reason for check in untold)


def test_the_gap_to_deepseek_was_computed_from_rounded_rates(first_draft: Context) -> None:
    found = [
        check
        for check in checks(first_draft)
        if check.figure.figure == "difference_points"
        and check.figure.versus == "deepseek-coder-v2-lite"
        and check.figure.model == "h2loop-coder"
    ]
    assert [(c.figure.printed, c.agrees, round(c.computed or 0, 2)) for c in found] == [
        ("+8.5", False, 8.41)
    ]
