"""Bad input to every public function of `stats`: a named error, never NaN or a silent number."""

import ast
import dataclasses
import inspect
import math
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import GeneratorType, TracebackType
from typing import Any

import numpy as np
import pytest
from stats_examples import BUILDING_BLOCKS, EXAMPLES

STATS = Path(__file__).resolve().parents[2] / "stats"

# What looks bad and means something, by function and argument.
MEANS_MISSING = {  # NaN: no outcome there
    ("allpairs.check_outcomes", "outcomes"),
    ("allpairs.compare_all", "outcomes"),
    ("allpairs.pair_tables", "outcomes"),
    ("items.item_statistics", "values"),
    ("overlap.mean_correlation", "before"),
    ("overlap.mean_correlation", "after"),
    ("overlap.overlapping_difference", "before"),
    ("overlap.overlapping_difference", "after"),
    ("paired.count_pairs", "outcomes_a"),
    ("paired.count_pairs", "outcomes_b"),
}
MEANS_UNSOLVED = {  # infinity: never finished
    ("profiles.performance_profile", "times"),
    ("profiles.profile_steps", "times"),
    ("runtime.ecdf", "values"),
    ("runtime_pairs.runtime_ratio", "times_a"),
    ("runtime_pairs.runtime_ratio", "times_b"),
    ("runtime_pairs.runtime_ratios", "times"),
    ("runtime_pairs.selection", "times"),
}
DIAGONAL = {  # the first entry compares a model with itself, and is not looked at
    (function, argument)
    for function in ("ranks.marginal_rank_sets", "ranks.simultaneous_rank_sets")
    for argument in ("p_values", "gain")
}
ANY_LABEL = {  # names of problems: any values that can be sorted
    ("factors.cluster_codes", "clusters"),
    ("gee.fit_exchangeable", "clusters"),
    ("logistic.fit_logistic_clustered", "clusters"),
    ("samples.clustered_error", "clusters"),
}
SIGNED = {  # a number of either sign is a difference, a score, an ability or a mean
    "ability",
    "coefficients",
    "differences",
    "mean",
    "mean_a",
    "mean_b",
    "median",
    "minimum",
    "maximum",
    "scores",
    "total",
    "value",
}
SIGNED_HERE = {
    ("contrast.mover_contrast", "weights"),
    ("contrast.mover_of_estimates", "weights"),
    ("contrast_test.contrast_test", "weights"),
    ("difficulty_ranks.standardised_rank_sets", "low"),
    ("grid.check_finite", "values"),
    ("grid.to_grid", "values"),
    ("lestimators.l_estimator", "values"),
    ("lestimators.median", "values"),
    ("lestimators.sample_quantile", "values"),
    ("order.order", "values"),
    ("proportion.whole_numbers", "values"),
    ("runtime.box_statistics", "values"),
    ("runtime.ecdf", "values"),
    ("runtime.summary_contradictions", "std"),  # found as one
    ("sample_summary.sample_summary", "values"),
    ("samples.variance_split", "samples"),
}
PARTS = {  # half a pass: the share of a problem's samples
    ("resampling.joint_bootstrap", "outcomes"),
    ("selection.best_rate_linked", "outcomes"),
    ("selection.lead_linked", "outcomes"),
}
NONE_IS_FINE = {  # an empty list in, an empty answer out
    ("coverage.binomial_table", "rates"),
    ("grid.check_finite", "values"),
    ("grid.to_grid", "values"),
    ("order.order", "values"),
}
LEGAL = {
    "nan": MEANS_MISSING | DIAGONAL,
    "infinite": MEANS_UNSOLVED | DIAGONAL | ANY_LABEL,
    "negative": SIGNED_HERE | DIAGONAL | ANY_LABEL,
    "fraction": PARTS | ANY_LABEL,
    "empty": NONE_IS_FINE,
    "short": set(),
}
UNDEFINED_IS_NAN = {"items.item_statistics"}  # documented: what a problem's outcomes cannot say


def public() -> Iterator[str]:
    """Name every public function of stats by module and name."""
    for path in sorted(STATS.glob("*.py")):
        module = import_module(f"stats.{path.stem}")
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if found.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{path.stem}.{name}"


def called(name: str, inputs: dict[str, Any]) -> Any:
    module, function = name.split(".")
    result = getattr(import_module(f"stats.{module}"), function)(**inputs)
    return list(result) if isinstance(result, GeneratorType) else result


def variants(name: str, inputs: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield (argument, kind, value) for every way to spoil one argument."""
    for argument, value in inputs.items():
        if isinstance(value, (bool, str, np.random.Generator)) or callable(value):
            continue
        if isinstance(value, (int, float)):
            kinds = spoiled_number(value)
        elif isinstance(value, (list, np.ndarray)):
            partners = [
                other
                for key, other in inputs.items()
                if key != argument and hasattr(other, "__len__") and len(other) == len(value)
            ]
            kinds = spoiled_array(value, paired=bool(partners))
        else:
            continue
        for kind, bad in kinds:
            signed = kind == "negative" and argument in SIGNED
            if not signed and (name, argument) not in LEGAL[kind]:
                yield argument, kind, bad


def spoiled_number(value: float) -> Iterator[tuple[str, Any]]:
    yield "nan", math.nan
    yield "infinite", math.inf
    yield "negative", -1 if isinstance(value, int) else -0.5
    if isinstance(value, int):
        yield "fraction", value + 0.5


def spoiled_array(value: Any, *, paired: bool) -> Iterator[tuple[str, Any]]:
    yield "empty", value[:0]
    if paired:
        yield "short", value[:-1]
    ragged = len({np.size(row) for row in value}) > 1
    array = np.zeros(0) if ragged else np.asarray(value)
    if array.dtype.kind not in "iuf" or array.size == 0:
        return
    for kind, number in (("nan", math.nan), ("infinite", math.inf)):
        yield kind, first_entry(array.astype(np.float64), number)
    yield "negative", first_entry(array, -1)
    if array.dtype.kind in "iu":
        yield "fraction", first_entry(array.astype(np.float64), array.flat[0] + 0.5)


def first_entry(array: np.ndarray, number: float) -> np.ndarray:
    changed = array.copy()
    changed.flat[0] = number
    return changed


def holds_nan(found: Any) -> bool:
    if isinstance(found, np.ndarray):
        return bool(found.dtype.kind == "f" and np.isnan(found).any())
    if isinstance(found, (list, tuple)):
        return any(map(holds_nan, found))
    if dataclasses.is_dataclass(found):
        return any(holds_nan(getattr(found, field.name)) for field in dataclasses.fields(found))
    return isinstance(found, (float, np.floating)) and math.isnan(found)


def raised_on_purpose(trace: TracebackType | None) -> bool:
    """Tell whether the innermost line of an error is a raise statement of stats."""
    assert trace is not None
    while trace.tb_next is not None:
        trace = trace.tb_next
    path, line = Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno
    if path.parent != STATS:
        return False
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return any(
        isinstance(node, ast.Raise) and node.lineno <= line <= (node.end_lineno or line)
        for node in nodes
    )


def test_every_public_function_has_an_example_or_is_a_building_block() -> None:
    found = set(public())
    assert found - EXAMPLES.keys() - BUILDING_BLOCKS == set()
    assert (EXAMPLES.keys() | BUILDING_BLOCKS) - found == set()


def test_every_exception_to_the_rule_names_an_argument_that_exists() -> None:
    for name, argument in set().union(*LEGAL.values()):
        assert argument in EXAMPLES[name]()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_good_input_gives_numbers(name) -> None:
    assert name in UNDEFINED_IS_NAN or not holds_nan(called(name, EXAMPLES[name]()))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_bad_input_is_refused_by_name(name) -> None:
    wrong = []
    for argument, kind, bad in variants(name, EXAMPLES[name]()):
        try:
            found = called(name, EXAMPLES[name]() | {argument: bad})
        except (ValueError, TypeError) as error:
            if not raised_on_purpose(error.__traceback__):
                wrong.append(f"{argument}, {kind}: {type(error).__name__} by accident: {error}")
        else:
            wrong.append(f"{argument}, {kind}: gives {str(found)[:60]}")
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(LEGAL))
def test_what_is_legal_gives_numbers(kind) -> None:
    for name, argument in LEGAL[kind]:
        for what, bad in spoiled(name, argument):
            if what == kind and name not in UNDEFINED_IS_NAN:
                assert not holds_nan(called(name, EXAMPLES[name]() | {argument: bad})), name


def spoiled(name: str, argument: str) -> Iterator[tuple[str, Any]]:
    value = EXAMPLES[name]()[argument]
    number = isinstance(value, (int, float))
    return spoiled_number(value) if number else spoiled_array(value, paired=False)


COUNTS = ("successes", "n_", "only_", "passed_", "both", "neither", "totals", "attempted")
FACTOR = 24  # 216 problems and more: the product of four counts does not fit in 32 bits


def numbers(found: Any) -> list[float]:
    """Every number of a result, in order."""
    if dataclasses.is_dataclass(found):
        return numbers([getattr(found, field.name) for field in dataclasses.fields(found)])
    if isinstance(found, np.ndarray):
        return [float(number) for number in found.ravel()]
    if isinstance(found, (list, tuple)):
        return [number for part in found for number in numbers(part)]
    return [float(found)] if isinstance(found, (int, float, np.generic)) else []


def is_count(argument: str, value: Any) -> bool:
    named = argument == "n" or argument.startswith(COUNTS)
    return named and np.asarray(value).dtype.kind == "i"


ONLY_COUNTS = [
    name
    for name, example in EXAMPLES.items()
    if all(key in ("level", "weights") or is_count(key, v) for key, v in example().items())
    and example().keys() - {"level"}
]


@pytest.mark.parametrize("name", sorted(ONLY_COUNTS))
def test_counts_of_32_bits_give_what_others_give(name) -> None:
    inputs = EXAMPLES[name]()
    scaled = {key: np.multiply(inputs[key], FACTOR) for key in inputs.keys() - {"level", "weights"}}
    small = {key: value.astype(np.int32)[()] for key, value in scaled.items()}
    want = called(name, inputs | {key: value.tolist() for key, value in scaled.items()})
    assert numbers(called(name, inputs | small)) == numbers(want)
