"""Published summaries of runtimes against the runtimes themselves, where a release holds both."""

from collections.abc import Iterator, Sequence

from harness.claim import Assertion
from harness.release import Runtime, Summary
from report import numbers
from report.claims.ground import Ground
from report.claims.parts import Part
from stats.sample_summary import SampleSummary, sample_summary

_FIGURES = ("count", "mean", "median", "std", "min", "max")


def recomputed(ground: Ground, assertion: Assertion) -> Iterator[Part]:
    """Judge that a metric's summaries follow from single runtimes, each figure as rounded."""
    title, metric = ground.title(assertion.metric or ""), assertion.metric or ""
    release = ground.analysis.release
    rows = [s for s in release.summaries if s.metric == metric]
    half = 0.5 * 10.0 ** -max((_decimals(s) for s in rows), default=0)
    for summary in rows:
        own = [r for r in release.runtimes if r.model == summary.model]
        values = _values(metric, own)
        text = f"the summary of {title} follows from single runtimes: "
        text += ground.model(summary.model)
        if values is None:
            note = "The release holds the summary alone, not the runtimes that it summarises."
            yield Part(text, "untestable", note, line=assertion.line)
        else:
            yield _judged(text, summary, sample_summary(values), half)


def _values(metric: str, runtimes: Sequence[Runtime]) -> list[float] | None:
    """What the metric's definition makes of the runtimes; None where that cannot be computed."""
    if not runtimes:
        return None
    if metric == "inverse_runtime":
        return [1000 / r.runtime_s for r in runtimes]
    if metric == "passes_per_second" and all(r.passed is not None for r in runtimes):
        return [1 / r.runtime_s if r.passed else 0.0 for r in runtimes]
    return None


def _judged(text: str, stated: Summary, found: SampleSummary, half: float) -> Part:
    wrong = [
        f"{name} {numbers.written(given, 'number')}, computed {numbers.written(value, 'number')}"
        for name in _FIGURES
        if (value := getattr(found, name)) is not None
        and abs((given := float(getattr(stated, name))) - value) > half * (1 + 1e-9)
    ]
    return Part(
        text,
        "misstated" if wrong else "supported",
        f"Stated {'; '.join(wrong)}." if wrong else "",
        n=found.count,
        evidence="summaries",
        method="arithmetic",
    )


def _decimals(summary: Summary) -> int:
    figures = (getattr(summary, name) for name in _FIGURES[1:])
    return max(len(repr(float(f)).partition(".")[2].rstrip("0")) for f in figures)
