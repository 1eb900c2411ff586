import gzip
import re
import zipfile

import pytest

from harness.errors import ResultFileError
from harness.formats import files, lines
from harness.formats.files import content_hash, head, json_lines, parse_json, read_bytes, read_json
from harness.formats.paths import files_below, member, names_from_folders
from harness.formats.peek import is_json_lines, peek_json, peek_record
from harness.formats.place import Place


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"a": [1, 2', r"the JSON ends early, at column 12; expected whole JSON"),
        (b'{"a": "b', r"the JSON ends early"),
        (b'{"a": 1,\n "b": x}', r"x\.json:2: not JSON at column 7 \(expecting value\)"),
        (b'{\n"a": NaN}', r"x\.json:2: NaN, which is not a number"),
        (b'{"a": -Infinity}', r"x\.json:1: -Infinity, which is not a number"),
        (b'{"a": 1, "a": 2}', r'"a": the key stands twice in one object'),
        (b'{"a": "\xff"}', r"byte 7 \(0xff\) is not UTF-8"),
        (b"[" * 100_000, r"brackets nested too deeply"),
        (b"1" * 5000, r"a whole number of thousands of digits"),
    ],
)
def test_what_is_no_strict_json_says_where(tmp_path, data, sentence) -> None:
    with pytest.raises(ResultFileError, match=sentence):
        parse_json(tmp_path / "x.json", data)


def test_a_line_of_json_keeps_its_number(tmp_path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": 1}\n\n{"a": }\n')
    rows = json_lines(path)
    assert next(rows) == (1, {"a": 1})
    with pytest.raises(ResultFileError, match=r"x\.jsonl:3: not JSON at column 7"):
        next(rows)


def test_constants_are_read_where_a_reader_asks_for_them(tmp_path) -> None:
    value = parse_json(tmp_path / "x", b'{"a": NaN}', constants=True)["a"]
    assert value != value  # noqa: PLR0124 - only NaN differs from itself


def test_gzip_is_seen_by_content_and_a_byte_order_mark_is_dropped(tmp_path) -> None:
    path = tmp_path / "no-suffix"
    path.write_bytes(gzip.compress(b'\xef\xbb\xbf{"a": 1}'))
    assert read_json(path) == {"a": 1}
    assert head(path).endswith(b'{"a": 1}')


def test_a_gzip_bomb_is_stopped_by_its_ratio(tmp_path) -> None:
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b" " * (128 * 1024**2), compresslevel=9))
    for read in (read_bytes, lambda p: lines.check_lines(p, ended=False)):
        with pytest.raises(ResultFileError, match=r"bytes that grow beyond [\d,]+ when decompres"):
            read(path)


def test_a_gzip_file_that_was_cut_off_is_damaged(tmp_path) -> None:
    path = tmp_path / "cut.json.gz"
    path.write_bytes(gzip.compress(b'{"a": "%s"}' % (b"xyz" * 4000))[:-12])
    with pytest.raises(ResultFileError, match="end early or are damaged"):
        read_json(path)
    with pytest.raises(ResultFileError, match="cannot be read on from here"):
        lines.check_lines(path, ended=False)


def test_a_line_without_end_is_stopped(tmp_path, monkeypatch) -> None:
    for module in (files, lines):
        monkeypatch.setattr(module, "LONGEST_LINE", 3 * 1024**2)
    path = tmp_path / "long.jsonl"
    path.write_bytes(b'{"a": 1}\n{"b": "' + b"x" * (4 * 1024**2) + b'"}\n')
    with pytest.raises(ResultFileError, match=r"long\.jsonl:2: a line of more than 3,145,728 byt"):
        list(json_lines(path))
    with pytest.raises(ResultFileError, match=r"long\.jsonl:2: a line of more than 3,145,728 byt"):
        lines.check_lines(path, ended=False)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the file is empty"),
        (b"a\nb\0\n", r"x:2: a NUL byte"),
        (b"a\n\xc3\x28\n", r"x:2: a byte \(0xc3\) that is not UTF-8"),
        (b"a\n\xc3", "half a character"),
        (b"a\nb", "x:2: the last line does not end"),
    ],
)
def test_a_file_of_lines_is_looked_through(tmp_path, data, sentence) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(ResultFileError, match=sentence):
        lines.check_lines(path, ended=True)


def test_a_character_across_two_chunks_is_whole(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(lines, "CHUNK", 1)
    path = tmp_path / "x"
    path.write_bytes("é€😀\n".encode())
    lines.check_lines(path, ended=True)


def test_missing_empty_and_folder_are_told_apart(tmp_path) -> None:
    (tmp_path / "empty").write_bytes(b" \n")
    for name, found in (("none", "no such file"), ("", "a folder"), ("empty", "file is empty")):
        with pytest.raises(ResultFileError, match=found):
            read_bytes(tmp_path / name)


def test_a_damaged_archive_is_one_error(tmp_path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", "{}")
    with zipfile.ZipFile(path) as archive:
        assert files.read_member(path, archive, "a.json") == b"{}"
        with pytest.raises(ResultFileError, match=r"b\.json: cannot be read from the archive"):
            files.read_member(path, archive, "b.json")


def test_the_hash_of_a_problem_is_of_its_text_in_nfc_and_keeps_parts_apart() -> None:
    assert content_hash("e\u0301") == content_hash("é")
    assert content_hash("ab", "c") != content_hash("a", "bc")
    assert re.fullmatch("[0-9a-f]{64}", content_hash("\ud800"))


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": {"b": [1, 2, {"c": "x', {"a": {"b": [1, 2, {}]}}),
        (b'[{"a": 1}, {"a', [{"a": 1}, {}]),
        (b'{"a": 1}\n{"b": 2}\n', {"a": 1}),
        (b'  {"a": "q\\"r", "b": "unfini', {"a": 'q"r'}),
        (b"text", None),
        (b"{]", None),
    ],
)
def test_the_start_of_a_document_shows_its_keys(data, value) -> None:
    assert peek_json(data) == value


def test_lines_and_documents_are_told_apart() -> None:
    assert is_json_lines(b'{"a": 1}\n{"a": 2}\n{"a"')
    assert not is_json_lines(b'{\n "a": 1}\n')
    assert not is_json_lines(b'[{"a": 1}]')
    assert peek_record(b'[{"a": 1}]') == {"a": 1}
    assert peek_record(b"[1]") == {}


def test_a_place_says_the_way_to_a_value(tmp_path) -> None:
    place = Place(tmp_path / "x.json", {"eval": {"HumanEval/0": [{"base": "pass"}]}})
    inner = place.at("eval").at("HumanEval/0").at(0).at("base")
    assert inner.text() == "pass"
    with pytest.raises(ResultFileError, match=r'x\.json: eval\."HumanEval/0"\[0\]\.base: "pass"'):
        inner.boolean()
    with pytest.raises(ResultFileError, match=r"eval\.none: it is missing"):
        place.at("eval").at("none")
    with pytest.raises(ResultFileError, match=r"eval: an object; expected a list"):
        place.at("eval").entries().__next__()


@pytest.mark.parametrize(
    ("value", "take"),
    [
        (True, Place.number),
        (float("nan"), Place.number),
        (10**400, Place.number),
        ("1", Place.number),
        (1.5, Place.whole),
        (True, Place.whole),
        (-1, Place.whole),
        (1, Place.text),
        ("\ud800", Place.text),
        (" ", Place.name),
        (None, Place.name),
        (1, Place.boolean),
        ([], Place.mapping),
        ({}, Place.sequence),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path, value, take) -> None:
    with pytest.raises(ResultFileError, match="expected"):
        take(Place(tmp_path / "x", value))


def test_ids_become_text_in_nfc(tmp_path) -> None:
    assert Place(tmp_path, 2873).name() == "2873"
    assert Place(tmp_path, "e\u0301").name() == "é"
    assert Place(tmp_path, 12.0).whole() == 12


def test_the_nearest_folder_that_differs_names_the_model(tmp_path) -> None:
    paths = [tmp_path / "a" / "run" / "x.json", tmp_path / "b" / "run" / "x.json"]
    assert [name.name for name in names_from_folders(paths).values()] == ["a", "b"]
    assert names_from_folders(paths[:1]) == {}
    assert names_from_folders([tmp_path / "x", tmp_path / "y"]) == {}


def test_a_walk_stays_in_its_folder(tmp_path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    (inside / "deep").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret").write_text("x")
    (inside / "deep" / "a").write_text("x")
    (inside / ".hidden").write_text("x")
    (inside / "link").symlink_to(outside / "secret")
    (inside / "round").symlink_to(inside)
    assert files_below(inside) == (inside / "deep" / "a",)
    with pytest.raises(ResultFileError, match="expected a file inside the folder"):
        member(inside, "../outside/secret")
    with pytest.raises(ResultFileError, match="a folder without files"):
        files_below(_empty(tmp_path))


def _empty(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder
