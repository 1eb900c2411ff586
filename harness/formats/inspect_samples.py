"""Samples of an Inspect AI log: which problem and epoch, how it ended, and its marks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.formats.files import content_hash
from harness.formats.inspect_scores import Marks, marks_of
from harness.formats.place import Place

INVALID = "invalidated"  # by a person, after the run: its score does not count


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: a problem in one epoch.

    Attributes
    ----------
    problem
        Task and id; ids are numbers or text that are unique within a task.
    epoch
        From 1.
    marks
        Its scores; none where it was not scored.
    ended
        ``error``, ``limit: <kind>`` or ``invalidated`` where that ended it, else None.
    content_hash
        Of the question and its choices.
    """

    problem: str
    epoch: int
    marks: Marks
    ended: str | None
    content_hash: str | None


def read_samples(records: Iterable[Place], task: str) -> tuple[list[Sample], int]:
    """Read the samples of a log, each problem and epoch once, and count those that repeat.

    Raises
    ------
    ResultFileError
        A field that is missing or of another type, or a problem and epoch twice that disagree.
    """
    kept: dict[tuple[str, int], Sample] = {}
    count = 0
    for record in records:
        count += 1
        sample = _sample(record, task)
        if kept.setdefault((sample.problem, sample.epoch), sample) != sample:
            raise record.at("id").error(
                found=f"{Place.quoted(sample.problem)} in epoch {sample.epoch} a second time, "
                "with another result",
                expected="each sample once in an epoch",
                way_out="Were two logs joined? Ingest them one by one.",
            )
    return list(kept.values()), count - len(kept)


def _sample(record: Place, task: str) -> Sample:
    epoch, scores = record.get("epoch"), record.get("scores")
    marks = marks_of(scores)
    old = record.get("score")  # the first logs had one score, without its scorer's name
    if scores is None and old is not None:
        marks = marks_of(Place(record.path, {"score": old.value}, record.keys))
    return Sample(
        problem=f"{task}/{record.at('id').name()}",
        epoch=epoch.whole(low=1) if epoch is not None else 1,
        marks={} if record.get("invalidation") is not None else marks,
        ended=_ended(record),
        content_hash=_hash(record),
    )


def _ended(record: Place) -> str | None:
    if record.get("invalidation") is not None:
        return INVALID
    if record.get("error") is not None:
        return "error"
    limit = record.get("limit")
    if limit is None:
        return None
    kind = limit.get("type") if isinstance(limit.value, dict) else limit
    return f"limit: {kind.text()}" if kind is not None else "limit"


def _hash(record: Place) -> str | None:
    """Hash what was asked: the input, or the text of its messages, and the choices."""
    asked, choices = record.get("input"), record.get("choices")
    texts = list(_texts(asked)) if asked is not None else []
    texts += [choice.text() for choice in choices.entries()] if choices is not None else []
    return content_hash(*texts) if any(texts) else None


def _texts(asked: Place) -> Iterator[str]:
    if isinstance(asked.value, str):
        yield asked.text()
        return
    for message in asked.entries():
        content = message.get("content")
        if content is not None and isinstance(content.value, str):
            yield content.text()
