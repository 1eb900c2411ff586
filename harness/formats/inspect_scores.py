"""Scores of Inspect AI: letters, booleans, numbers or objects, by scorer."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.formats.place import Place
from harness.formats.reading import SetAside
from harness.text import listed

LETTERS: Mapping[str, float] = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""Correct, incorrect, partial, no answer: what the harness's own accuracy takes them for."""

YES_NO: Mapping[str, float] = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
"""Words that the harness's accuracy knows beside the letters, in any case."""

WORDS: Mapping[str, str] = {"C": "correct", "I": "incorrect", "P": "partial", "N": "no answer"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One scorer's value of one sample.

    Attributes
    ----------
    value
        As a number; None where there is none (NaN, or text that is no letter).
    letter
        The letter, where it is one.
    text
        Other text, or that it is a list; no number need stand for it.
    """

    value: float | None
    letter: str | None = None
    text: str | None = None


Marks = Mapping[str, Mark]
"""Marks of one sample by scorer; an object's members stand under ``scorer.key``."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The marks of all samples, sorted into columns.

    Attributes
    ----------
    main
        The scorer that decides; None where no sample has a score.
    column
        ``passed``, ``score``, or None where its values are no fractions.
    further
        Names of columns of their own.
    values
        For each sample, its columns.
    words
        For each sample, the word of its mark, or None.
    """

    main: str | None
    column: str | None
    further: tuple[str, ...]
    values: tuple[dict[str, Any], ...]
    words: tuple[str | None, ...]
    rules: tuple[str, ...]
    set_aside: tuple[SetAside, ...]


def marks_of(scores: Place | None) -> dict[str, Mark]:
    """Read the scores of one sample; absent and empty scores are no marks.

    Raises
    ------
    ResultFileError
        A score is no object, or its value is missing.
    """
    marks: dict[str, Mark] = {}
    for scorer, score in scores.items() if scores is not None else ():
        value = score.at("value")
        if isinstance(value.value, dict):
            marks |= {f"{scorer}.{key}": _mark(member) for key, member in value.items()}
        else:
            marks[scorer] = _mark(value)
    return marks


def _mark(place: Place) -> Mark:
    value = place.value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Mark(None)  # how the harness writes a sample that a scorer left unscored
    if isinstance(value, str):
        text = place.text()
        if text in LETTERS:
            return Mark(LETTERS[text], letter=text)
        return Mark(YES_NO.get(text.casefold()), text=text)
    if isinstance(value, list | dict):
        return Mark(None, text="several values")
    if isinstance(value, bool):
        return Mark(float(value), letter="C" if value else "I")
    return Mark(place.number())


def sort_out(samples: Sequence[Marks], order: Sequence[str]) -> Scored:
    """Choose the scorer that decides, and the columns of all.

    Parameters
    ----------
    samples
        The marks of each sample.
    order
        Scorers as the log lists them; the first that has marks decides.
    """
    names = list(dict.fromkeys(name for marks in samples for name in marks))
    numeric = [name for name in names if any(_value(marks, name) is not None for marks in samples)]
    main = _first(numeric, order)
    column = _column(samples, main) if main is not None else None
    further = tuple(name for name in numeric if name != main or column is None)
    values, words = [], []
    for marks in samples:
        row: dict[str, Any] = {name: _value(marks, name) for name in further}
        value = _value(marks, main) if main is not None else None
        if column is not None and value is not None:
            row[column] = value == 1 if column == "passed" else value
        values.append(row)
        words.append(_word(marks.get(main)) if main is not None else None)
    return Scored(
        main=main,
        column=column,
        further=further,
        values=tuple(values),
        words=tuple(words),
        rules=tuple(_rules(samples, main, column, further)),
        set_aside=_texts(samples),
    )


def _value(marks: Marks, name: str) -> float | None:
    mark = marks.get(name)
    return mark.value if mark is not None else None


def _first(names: Sequence[str], order: Sequence[str]) -> str | None:
    """Take the first scorer of the log's list, with the first key of an object's."""
    for scorer in order:
        for name in names:
            if name == scorer or name.startswith(f"{scorer}."):
                return name
    return names[0] if names else None


def _column(samples: Sequence[Marks], name: str) -> str | None:
    marks = [marks[name] for marks in samples if name in marks]
    values = {mark.value for mark in marks if mark.value is not None}
    if values <= {0.0, 1.0}:
        return "passed"
    return "score" if all(0 <= value <= 1 for value in values) else None


def _word(mark: Mark | None) -> str | None:
    if mark is None:
        return None
    return WORDS[mark.letter] if mark.letter is not None else mark.text


def _rules(
    samples: Sequence[Marks], main: str | None, column: str | None, further: Sequence[str]
) -> Iterator[str]:
    if main is None:
        return
    letters = {marks[main].letter for marks in samples if main in marks}
    if column == "passed" and letters != {None}:
        yield f"The scorer `{main}` decides: C is a pass; I and N (no answer) are none."
    elif column == "passed":
        yield f"The scorer `{main}` decides: its values are all 1 or 0, a pass or none."
    elif column == "score" and "P" in letters:
        yield f"`{main}` has partial marks (P), so it is a `score`: C 1, P 0.5, I and N 0."
    elif column == "score":
        yield f"The numbers of `{main}` are fractions and become `score`; a fraction is no pass."
    else:
        yield f"The numbers of `{main}` leave 0 to 1: they stay a column, none is a pass."
    others = [name for name in further if name != main]
    if others:
        yield f"Further scorers are columns of their own: {listed(others)}."


def _texts(samples: Sequence[Marks]) -> tuple[SetAside, ...]:
    marks = [mark for of_sample in samples for mark in of_sample.values()]
    count = sum(mark.text is not None and mark.value is None for mark in marks)
    aside = SetAside("scores that are neither a number nor C, I, P or N", count, "no mark is taken")
    return (aside,) if count else ()
