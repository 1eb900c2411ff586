"""Models fitted to single outcomes, kept between builds, and their figures by name."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from report.analysis import Analysis, abilities
from report.kept import kept_json
from report.quantities import Quantity
from stats.interval import Interval

Fitted = Mapping[str, Any]
"""What `report.analysis.abilities.abilities_data` returns."""

_CODE = hashlib.sha256(Path(abilities.__file__).read_bytes()).hexdigest()


def fitted(analysis: Analysis, *, kept: Path | None = None) -> Fitted | None:
    """Fit, or read what was kept of the same outcomes; None without outcomes of two models."""
    release, board = analysis.release, analysis.board
    if board is None or len(board.models) < 2:
        return None
    digest = hashlib.sha256(board.values["passed"].tobytes()).hexdigest()
    problems = [(p.id, p.category, p.difficulty) for p in board.problems]
    mix = dict(release.reference_mix) if release.reference_mix else None
    declared = [release.difficulties, release.categories]
    found: Fitted = kept_json(
        kept,
        "abilities",
        [digest, board.models, problems, mix, declared, analysis.level],
        lambda: abilities.abilities_data(release, board, level=analysis.level),
        code="stats/*.py",
        basis=_CODE,
    )
    return found


def fitted_quantities(found: Fitted | None, *, level: float) -> dict[str, Quantity]:
    """Name the figures of the fits as `report.quantities` does; empty where nothing was fitted."""
    if found is None:
        return {}
    return {
        q.key: q for q in (*_rasch(found, level), *_slopes(found, level), *_rates(found, level))
    }


def _rasch(found: Fitted, level: float) -> Iterator[Quantity]:
    rasch = found["rasch"]
    if "reason" in rasch:
        return
    for i, model in enumerate(rasch["models"]):
        limits = Interval(rasch["low"][i], rasch["high"][i], level, "rasch_conditional_wald")
        yield _logits(f"ability/{model}", rasch["ability"][i], limits, rasch["informative"])
        for name in ("infit", "outfit"):
            if model in rasch[name]:
                yield Quantity(
                    f"{name}/{model}",
                    rasch[name][model],
                    "number",
                    "outcomes",
                    method=f"rasch_{name}",
                    n=rasch["informative"],
                    detail=f"{rasch[f'{name}_z'][model]:.2f} standard deviations from 1",
                )
    yield Quantity(
        "problem_reliability",
        rasch["reliability"],
        "share",
        "outcomes",
        method="rasch_marginal_reliability",
        n=rasch["n"],
    )


def _slopes(found: Fitted, level: float) -> Iterator[Quantity]:
    fit = found["two_parameter"]
    if "reason" in fit:
        return
    for i, model in enumerate(fit["models"]):
        limits = Interval(fit["low"][i], fit["high"][i], level, "2pl_slope_wald")
        yield _logits(f"slope/{model}", fit["slope"][i], limits, fit["n"])
    yield Quantity("p_slopes", fit["p"], "p", "outcomes", method=fit["test"], n=fit["n"])


def _logits(key: str, value: float, limits: Interval, n: int) -> Quantity:
    return Quantity(key, value, "logit", "outcomes", limits, limits.method, n)


def _rates(found: Fitted, level: float) -> Iterator[Quantity]:
    for name, kind in (("rasch", "rasch"), ("two_parameter", "2pl")):
        scores = zip(found[name].get("models", ()), found[name].get("scores", ()), strict=True)
        for model, score in scores:
            yield _rate(f"expected_score/{kind}/{model}", score, found[name]["method"], level)
    for model, rate in found["logistic"].get("rates", {}).items():
        yield _rate(f"adjusted/logistic/{model}", rate, found["logistic"]["method"], level)


def _rate(key: str, plain: list[float], method: str, level: float) -> Quantity:
    value, low, high, n = plain
    limits = Interval(low, high, level, method)
    return Quantity(key, value, "fraction", "outcomes", limits, method, int(n))
