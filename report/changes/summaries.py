"""Published summaries that changed between two releases."""

from dataclasses import dataclass

from harness.release import Release, Summary


@dataclass(frozen=True, slots=True)
class SummaryChange:
    """One model's summary of one metric in both releases."""

    model: str
    metric: str
    before: Summary
    after: Summary

    @property
    def recounted(self) -> bool:
        """Whether it rests on another number of programs."""
        return self.before.count != self.after.count


def summary_changes(before: Release, after: Release) -> tuple[SummaryChange, ...]:
    """Every summary that both releases have and that is not the same, in the later one's order.

    The earlier release's models must have the later one's ids.
    """
    old = {(s.model, s.metric): s for s in before.summaries}
    return tuple(
        SummaryChange(new.model, new.metric, old[new.model, new.metric], new)
        for new in after.summaries
        if old.get((new.model, new.metric), new) != new
    )
