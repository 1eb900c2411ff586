"""Chi-square tests of two rates."""

import pytest

from stats.check import NoEstimateError
from stats.chi_square import chi_square, chi_square_n_minus_1, chi_square_yates

ALL = [chi_square, chi_square_yates, chi_square_n_minus_1]


def test_nine_against_three_of_ten_worked_by_hand() -> None:
    # Expected 6 and 4 in each row: 3^2 (1/6 + 1/4) twice is 7.5; with 2.5 instead of 3 it is
    # 5.2083; times 19/20 it is 7.125.
    assert chi_square(9, 10, 3, 10).statistic == pytest.approx(7.5)
    assert chi_square_yates(9, 10, 3, 10).statistic == pytest.approx(2 * 6.25 * 5 / 12)
    assert chi_square_n_minus_1(9, 10, 3, 10).statistic == pytest.approx(7.125)


def test_the_correction_never_overshoots() -> None:
    # |O - E| is 1/3 here, less than the 1/2 that it is reduced by.
    result = chi_square_yates(1, 2, 1, 4)
    assert result.statistic == 0
    assert result.p_value == 1


@pytest.mark.parametrize("test", ALL)
def test_swapping_sides_or_outcomes_changes_nothing(test) -> None:
    p = test(7, 12, 3, 15).p_value
    assert test(3, 15, 7, 12).p_value == pytest.approx(p, rel=1e-12)
    assert test(5, 12, 12, 15).p_value == pytest.approx(p, rel=1e-12)


@pytest.mark.parametrize("test", ALL)
@pytest.mark.parametrize("counts", [(0, 3, 0, 4), (3, 3, 4, 4)])
def test_outcomes_all_alike_have_no_statistic(test, counts) -> None:
    with pytest.raises(NoEstimateError, match="of 7: the chi-square statistic is 0/0"):
        test(*counts)
