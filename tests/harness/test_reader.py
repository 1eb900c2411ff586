"""The folder itself: which files there are, and whether they can be read at all."""

import os
from pathlib import Path

import pytest

from harness import text
from harness.errors import ReleaseFolderError, ResultFileError
from harness.reader import read_release


def test_reads_every_file(folder):
    release = folder.read()
    assert release.version == "r1"
    assert release.date == "2025-08-31"
    assert release.reference_mix == {"easy": 0.5, "hard": 0.5}
    assert [model.id for model in release.models] == ["ours", "small", "other"]
    ours = release.model("ours")
    assert ours.focus
    assert (ours.parameters.total, ours.parameters.active) == (7.0, 2.5)
    assert ours.post_training == {"SFT": "full"}
    assert [c.passed for c in release.totals] == [6, 2, 1]
    assert release.totals[2].compiled is None
    assert [(c.category, c.difficulty) for c in release.cells("ours")] == [
        ("Sorting", "easy"),
        ("Sorting", "hard"),
        ("Graphs", "hard"),
    ]
    assert [cell.problems for cell in release.problem_cells] == [4, 2, 4]
    assert release.summaries[0].median == 2.0
    assert [(r.runtime_s, r.passed) for r in release.runtimes] == [
        (0.25, True),
        (0.0015, False),
        (2.0, None),
    ]
    assert [(p.line, p.printed) for p in release.printed] == [
        (2, "60.0"),
        (3, "50"),
        (4, "+43.9"),
        (5, "37.0"),
    ]
    assert release.metrics[0].higher_is_better is None
    assert release.evidence == {"counts", "summaries"}


def test_a_release_needs_neither_date_nor_printed_figures(folder):
    folder.replace("release.toml", "date = 2025-08-31\n", "")
    folder.remove("printed.csv")
    assert folder.read().date == ""
    assert folder.read().printed == ()


@pytest.mark.parametrize("name", ["release.toml", "models.toml"])
def test_missing_file(folder, name):
    folder.remove(name)
    assert folder.error() == (
        f"r1/{name}: the file is missing; expected {name} in the folder\n"
        "  results/README.md describes it."
    )


def test_counts_are_what_a_release_cannot_do_without(folder):
    folder.remove("counts.csv")
    assert folder.error() == (
        "r1/counts.csv: the file is missing; expected how many problems each model attempted and "
        "passed\n  Outcomes may stand instead of counts; summaries and runtimes come on top."
    )


def test_missing_folder(tmp_path):
    with pytest.raises(ResultFileError) as caught:
        read_release(tmp_path / "nowhere")
    assert str(caught.value) == (
        f"{tmp_path}/nowhere: cannot be read (No such file or directory); "
        "expected the folder of a release"
    )


@pytest.mark.parametrize("name", ["counts.csv", "models.toml"])
def test_empty_file(folder, name):
    folder.write(name, b"\xef\xbb\xbf\r\n \n")
    assert folder.error() == (
        f"r1/{name}: the file is empty; expected content\n"
        "  Fill it, or delete it if the release has nothing of this kind."
    )


def test_misspelt_file_is_not_ignored(folder):
    folder.write("sumaries.csv", "x")
    assert folder.error().startswith(
        "r1/sumaries.csv: an unknown file or folder; expected only what a release consists of\n"
        '  Did you mean "summaries.csv"? Known: release.toml, models.toml, '
    )


def test_unknown_folder_is_not_ignored(folder):
    (folder.path / "raw").mkdir()
    assert folder.error().startswith("r1/raw: an unknown file or folder; expected")


def test_files_of_others_are_left_alone(folder):
    (folder.path / "pages").mkdir()
    for name in ("README.md", ".DS_Store"):
        folder.write(name, b"\xff")
    assert folder.read().version == "r1"


def test_bytes_that_are_not_utf8(folder):
    folder.write("models.toml", folder.text("models.toml").encode().replace(b"Other", b"\xd6ther"))
    at = folder.path.joinpath("models.toml").read_bytes().index(b"\xd6")
    assert folder.error() == (
        f"r1/models.toml:19: byte {at} (0xd6) is not UTF-8; expected UTF-8 text\n"
        "  Save the file again with the encoding UTF-8."
    )


def test_utf16_is_named_as_what_it_is_not(folder):
    folder.write("counts.csv", folder.text("counts.csv").encode("utf-16"))
    assert folder.error().startswith("r1/counts.csv:1: byte 0 (0xff) is not UTF-8; expected")


def test_file_too_large_to_be_meant(folder):
    with (folder.path / "counts.csv").open("ab") as file:
        file.truncate(text.LARGEST + 1)  # sparse: takes no room
    assert folder.error() == (
        "r1/counts.csv: 67,108,865 bytes; expected at most 67,108,864 bytes\n"
        "  These tables hold counts and summaries; is this the raw output of a harness?"
    )


def test_link_out_of_the_folder(folder, tmp_path):
    outside = tmp_path / "outside.csv"
    folder.path.joinpath("counts.csv").rename(outside)
    folder.path.joinpath("counts.csv").symlink_to(outside)
    said = folder.error()  # a long path is cut in it
    assert said.startswith('r1/counts.csv: a link to "')
    assert said.endswith(
        '"; expected a file inside the release folder\n  Replace the link by the file itself.'
    )


def test_link_inside_the_folder_is_followed(folder):
    folder.path.joinpath("counts.csv").rename(folder.path / ".counts.csv")
    folder.path.joinpath("counts.csv").symlink_to(".counts.csv")
    assert len(folder.read().counts) == 6


def test_link_to_itself(folder):
    folder.remove("counts.csv")
    folder.path.joinpath("counts.csv").symlink_to("counts.csv")
    assert folder.error().startswith("r1/counts.csv: cannot be read (")


def test_folder_in_place_of_a_file(folder):
    folder.remove("counts.csv")
    folder.path.joinpath("counts.csv").mkdir()
    assert folder.error() == "r1/counts.csv: not a regular file; expected a file"


def test_pipe_in_place_of_a_file_does_not_hang(folder):
    folder.remove("counts.csv")
    os.mkfifo(folder.path / "counts.csv")
    assert folder.error() == "r1/counts.csv: not a regular file; expected a file"


def test_windows_line_ends_and_byte_order_marks_change_nothing(folder):
    plain = folder.read()
    for path in folder.path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert folder.read() == plain


def test_text_becomes_nfc(folder):
    folder.replace("models.toml", 'name = "Other"', 'name = "Mode\u0301le"')
    folder.replace("release.toml", '"Graphs"', '"Arbre a\u0300 plat"')
    for name in ("counts.csv", "problem_counts.csv"):
        folder.replace(name, "Graphs", "Arbre \u00e0 plat")
    release = folder.read()
    assert release.model("other").name == "Mod\u00e9le"
    assert release.categories[1] == "Arbre \u00e0 plat"


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "a | b",
        "{{ secret }} {% raw %}",
        "[[models]]",
        "two\nlines",
        "\u202eright to left\u202c",
        "=HYPERLINK(1)",
        "x" * 200,
        "\U0001f4a5",
    ],
)
def test_hostile_names_are_data(folder, name):
    def quoted(mark: str) -> str:
        return '"' + name.replace("\n", mark) + '"'

    folder.replace("models.toml", '"Other"', quoted("\\n"))
    folder.replace("release.toml", '"Graphs"', quoted("\\n"))
    for file in ("counts.csv", "problem_counts.csv"):
        folder.replace(file, "Graphs", quoted("\r\n"))
    release = folder.read()
    assert release.model("other").name == name
    assert release.categories[1] == name
    assert release.cells("ours")[2].category == name


def test_a_message_shows_a_hostile_value_inertly(folder):
    folder.append("counts.csv", '"\x1b[31m\u202e{{ x }}\nsmall",,,1,1,1')
    assert folder.error().startswith(
        'r1/counts.csv:8: model: "\\u001b[31m\\u202e{{ x }}\\u000asmall" is unknown; expected'
    )


def test_a_message_shortens_a_long_value(folder):
    folder.append("counts.csv", "y" * 500 + ",,,1,1,1")
    assert f'"{"y" * 79}…" is unknown' in folder.error()


def test_all_errors_come_at_once_in_the_order_of_files_and_lines(folder):
    folder.replace("release.toml", '"published"', '"final"')
    folder.replace("models.toml", 'group = "focus"', 'group = "ours"')
    folder.replace("counts.csv", "small,,,9", "small,,,nine")
    folder.replace("counts.csv", "other,,,10", "other,,,ten")
    folder.replace("runtimes.csv", "0.25", "-1")
    folder.write("notes.txt", "x")
    heads = [error.partition(": ")[0] for error in folder.errors()]
    assert heads == [
        "r1/release.toml:4",
        "r1/models.toml:4",
        "r1/counts.csv:3",
        "r1/counts.csv:4",
        "r1/runtimes.csv:2",
        "r1/notes.txt",
    ]


def test_the_whole_message_counts_and_lists(folder):
    folder.replace("counts.csv", "small,,,9", "small,,,nine")
    folder.replace("runtimes.csv", "0.25", "-1")
    with pytest.raises(ReleaseFolderError) as caught:
        folder.read()
    lines = str(caught.value).replace(f"{folder.path.parent}/", "").splitlines()
    assert lines == [
        "r1: 2 errors",
        'r1/counts.csv:3: problems: "nine"; expected a whole number, 1 or more',
        "r1/runtimes.csv:2: runtime_s: -1.0; expected a number above 0, in seconds",
    ]
    first = caught.value.errors[0]
    assert (first.path.name, first.line, first.field) == ("counts.csv", 3, "problems")


def test_a_flood_of_errors_is_cut(folder):
    for _ in range(60):
        folder.append("runtimes.csv", "ours,none,")
    with pytest.raises(ReleaseFolderError) as caught:
        folder.read()
    assert len(caught.value.errors) == 60
    assert str(caught.value).endswith("… and 10 more")


def test_an_error_without_errors_is_refused():
    with pytest.raises(ValueError, match="errors must hold at least one error, got none"):
        ReleaseFolderError(Path("r1"), [])
