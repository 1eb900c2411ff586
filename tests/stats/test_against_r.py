"""Values that R and its packages gave: software, version and call stand beside each of them.

`golden/make_r_values.R` made the file. The regression, Rasch and GEE outcomes were drawn there;
they are stored with the values, so nothing here is drawn.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden.loader import mismatches
from reference_methods import METHODS

from stats.bayes import probability_better, probability_better_paired
from stats.mantel_haenszel import mantel_haenszel
from stats.rasch import easiness_by_score
from stats.runtime import box_statistics, welch_difference
from stats.survival import log_rank as log_rank_test
from stats.trend import trend as trend_test

Case = dict[str, Any]

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "r_values.json"
VALUES: list[Case] = json.loads(GOLDEN.read_text("utf-8"))


def exact_common_odds_ratio(strata: list[dict[str, int]]) -> Case:
    columns = [[stratum[key] for stratum in strata] for key in ("x1", "n1", "x2", "n2")]
    limits = mantel_haenszel(*columns).interval_exact
    return {"lower": limits.low, "upper": limits.high}


def trend(successes: list[int], totals: list[int]) -> Case:
    found = trend_test(successes, totals)
    return {
        "chi_square": found.z**2,
        "p_asymptotic": found.p_asymptotic,
        "p_value": found.p_value,
    }


def log_rank(groups: list[tuple[list[float], list[int]]]) -> Case:
    found = log_rank_test(groups)
    return {
        "statistic": found.test.statistic,
        "p_value": found.test.p_value,
        "observed": found.observed,
        "expected": found.expected,
    }


def welch(**summary: float) -> Case:
    found = welch_difference(**summary)
    limits = found.estimate.interval
    return {
        "lower": limits.low,
        "upper": limits.high,
        "p_value": found.test.p_value,
        "degrees_of_freedom": found.degrees_of_freedom,
    }


def box(values: list[float]) -> Case:
    found = box_statistics(values)
    return {name: getattr(found, name) for name in ("lower_quartile", "median", "upper_quartile")}


def easiness(ability: list[float]) -> Case:
    return {"easiness": easiness_by_score(np.array(ability))[0].tolist()}


# What has no file in the shared reference folder.
FURTHER: dict[str, Callable[..., Case]] = {
    "box_statistics": box,
    "easiness_by_score": easiness,
    "exact_common_odds_ratio": exact_common_odds_ratio,
    "log_rank": log_rank,
    "probability_better": lambda **counts: {"probability": probability_better(**counts)},
    "probability_better_paired": lambda **counts: {
        "probability": probability_better_paired(**counts)
    },
    "trend": trend,
    "welch_difference": welch,
}


@pytest.mark.parametrize("case", VALUES, ids=lambda case: f"{case['method']}-{case['call']}")
def test_agrees_with_r(case) -> None:
    got = (METHODS | FURTHER)[case["method"]](**case["inputs"])
    tolerance = {"abs": case["tolerance"], "rel": case["tolerance"]}
    assert mismatches({"tolerance": tolerance}, got, case["expected"]) == []


def test_a_wrong_value_is_found() -> None:
    case = VALUES[0]
    wrong = {"upper": case["expected"]["upper"] + 1e-6}
    got = METHODS[case["method"]](**case["inputs"])
    assert mismatches({"tolerance": {"abs": 1e-9, "rel": 1e-9}}, got, wrong) != []
