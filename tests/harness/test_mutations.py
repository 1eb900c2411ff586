"""The real release, spoiled at random: it is read whole or refused with a reason, never in part."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ResultFileError
from harness.reader import READ, read_release
from harness.release import Release

V01 = Path(__file__).resolve().parents[2] / "results" / "v0.1"
FILES = {path.name: path.read_bytes() for path in V01.iterdir() if path.name in READ}
JUNK = st.sampled_from(
    [
        "",
        "-1",
        "0",
        "1e999",
        "NaN",
        "12.0",
        "1,234",
        "true",
        '"',
        "'",
        "[",
        "]",
        "{",
        "=",
        "\\",
        ",",
        "\x00",
        "\x1b[2J",
        "\ufeff",
        "\u202e",
        "{{ x }}",
        "<script>",
        "\r",
        "\n",
        "[[models]]",
        "#",
        "999999999999999999999",
        "0x" + "f" * 5000,
        "'''",
        '"""',
        "é",
        "é",
        "h2loop-coder",
    ]
)


@st.composite
def mutations(draw):
    """Draw a file name and its spoiled bytes; None deletes the file."""
    name = draw(st.sampled_from(sorted(FILES)))
    lines = FILES[name].decode().splitlines(keepends=True)
    at = draw(st.integers(0, len(lines) - 1))
    how = draw(
        st.sampled_from(["delete", "drop", "double", "swap", "retype", "insert", "cut", "byte"])
    )
    if how == "delete":
        return name, None
    if how == "byte":
        data = bytearray(FILES[name])
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
        return name, bytes(data)
    if how == "cut":
        return name, FILES[name][: draw(st.integers(0, len(FILES[name])))]
    other = draw(st.integers(0, len(lines) - 1))
    if how == "drop":
        del lines[at]
    elif how == "double":
        lines.insert(other, lines[at])
    elif how == "swap":
        lines[at], lines[other] = lines[other], lines[at]
    elif how == "insert":
        column = draw(st.integers(0, len(lines[at])))
        lines[at] = lines[at][:column] + draw(JUNK) + lines[at][column:]
    else:
        separator = "," if name.endswith(".csv") else " "
        words = lines[at].split(separator)
        words[draw(st.integers(0, len(words) - 1))] = draw(JUNK)
        lines[at] = separator.join(words)
    return name, "".join(lines).encode()


def read_spoiled(spoiled):
    """Read the release with these files changed; give the Release, or the refusal."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "v0.1"
        folder.mkdir()
        for name, data in {**FILES, **spoiled}.items():
            if data is not None:
                (folder / name).write_bytes(data)
        try:
            return read_release(folder)
        except ResultFileError as error:
            return error


def check_whole(release: Release) -> None:
    """Check what every page relies on."""
    ids = [model.id for model in release.models]
    assert len(ids) == len(set(ids))
    assert release.version == "v0.1"
    for count in release.counts:
        assert count.model in ids
        assert count.category in (None, *release.categories)
        assert count.difficulty in (None, *release.difficulties)
        compiled = count.problems if count.compiled is None else count.compiled
        assert 0 <= count.passed <= compiled <= count.problems <= release.n_problems
    totals = {count.model: count for count in release.totals}
    assert len(totals) == len(release.totals)
    for model in ids:
        if cells := release.cells(model):
            assert sum(cell.passed for cell in cells) == totals[model].passed
            assert sum(cell.problems for cell in cells) == totals[model].problems
    assert sum(cell.problems for cell in release.problem_cells) in (0, release.n_problems)
    assert all(s.min <= s.median <= s.max for s in release.summaries)


def check_refusal(error: ResultFileError) -> None:
    """Check that a person can act on it."""
    for one in error.errors:
        sentence = one.sentence()
        assert "; expected " in sentence
        assert one.found
        assert one.expected
        assert all(char.isprintable() or char == "\n" for char in sentence)
        assert "Traceback" not in sentence


@given(st.lists(mutations(), min_size=1, max_size=3))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_a_spoiled_release_is_read_whole_or_refused(changes):
    outcome = read_spoiled(dict(changes))
    if isinstance(outcome, Release):
        check_whole(outcome)
    else:
        check_refusal(outcome)


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.endswith(".csv")))
def test_no_line_of_a_csv_can_vanish_unnoticed(name):
    whole = read_release(V01)
    lines = FILES[name].splitlines(keepends=True)
    for at in range(0, len(lines), 1 + len(lines) // 40):
        outcome = read_spoiled({name: b"".join(lines[:at] + lines[at + 1 :])})
        if isinstance(outcome, Release):
            assert len(outcome.counts + outcome.summaries + outcome.printed) < len(
                whole.counts + whole.summaries + whole.printed
            )


def test_each_file_cut_short_anywhere():
    for name, data in FILES.items():
        for end in range(0, len(data), max(1, len(data) // 12)):
            outcome = read_spoiled({name: data[:end]})
            if isinstance(outcome, Release):
                check_whole(outcome)
            else:
                check_refusal(outcome)
