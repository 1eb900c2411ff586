import gzip
from pathlib import Path

import polars as pl
import pytest

from harness.errors import ResultFileError
from harness.formats.reading import PROBLEM_SCHEMA, ROW_SCHEMA, Reading
from harness.formats.registry import by_id, detect

HEADER = "model,problem,sample,compiled,passed,runtime_s,category,tokens,comment\n"
ROWS = "a,p1,0,True,True,0.5,x,3,hi\na,p2,0,true,false,0,y,4,\n"


def read(folder: Path, name: str, content: str | bytes) -> Reading:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return detect(path).read(path)


def test_a_csv_becomes_typed_rows(tmp_path) -> None:
    reading = read(tmp_path, "x.csv", HEADER + ROWS)
    rows = reading.rows.collect()
    assert rows.schema == {**ROW_SCHEMA, "tokens": pl.Float64()}
    assert rows["passed"].to_list() == [True, False]
    assert rows["runtime_s"].to_list() == [0.5, None]
    assert {item.what: item.count for item in reading.set_aside} == {
        "runtimes of 0 or -1": 1,
        'texts in "comment"': 2,
    }
    assert reading.problems.schema == PROBLEM_SCHEMA
    assert reading.problems["category"].to_list() == ["x", "y"]


def test_gzip_line_ends_and_blank_lines_change_nothing(tmp_path) -> None:
    plain = read(tmp_path, "x.csv", HEADER + ROWS).rows.collect()
    packed = read(tmp_path, "y", gzip.compress((HEADER + ROWS).replace("\n", "\r\n\r\n").encode()))
    assert packed.rows.collect().equals(plain)


def test_glob_characters_in_a_name_are_a_name(tmp_path) -> None:
    folder = tmp_path / "run [n=1] *"
    folder.mkdir()
    assert read(folder, "x.csv", HEADER + ROWS).rows.collect().height == 2
    assert read(folder, "x.jsonl", '{"problem": "p", "passed": true}\n').rows.collect().height == 1


def test_json_lines_parquet_and_csv_agree(tmp_path) -> None:
    rows = read(
        tmp_path,
        "x.csv",
        HEADER.replace(",comment", "") + ROWS.replace(",hi", "").replace("4,\n", "4\n"),
    )
    frame = rows.rows.collect()
    frame.write_ndjson(tmp_path / "x.jsonl")
    frame.write_parquet(tmp_path / "x.parquet")
    for name in ("x.jsonl", "x.parquet"):
        reading = detect(tmp_path / name).read(tmp_path / name)
        assert reading.rows.collect().equals(frame), name


def test_integers_are_ids_and_ids_are_nfc(tmp_path) -> None:
    lines = '{"problem": 2873, "passed": true}\n{"problem": "e\\u0301", "passed": 0}\n'
    assert read(tmp_path, "x.jsonl", lines).rows.collect()["problem"].to_list() == ["2873", "é"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("a,p1,0,True,timeout,0.5,x,3,hi\n", r'x\.csv:2: passed: "timeout"; expected true or fal'),
        ("a,p1,0,True,True,nan,x,3,hi\n", r'x\.csv:2: runtime_s: "nan"; expected a finite numbe'),
        ("a,p1,-1,True,True,1,x,3,hi\n", r'x\.csv:2: sample: "-1"; expected a whole number'),
        ("a,p1,0.5,True,True,1,x,3,hi\n", r'x\.csv:2: sample: "0.5"; expected a whole number'),
        ("a,p1,0,True,True\n", r"x\.csv:2: 5 cells; expected 9, as in the header"),
        ('a,p1,0,True,True,1,x,3,"hi\n', r"x\.csv:2: not CSV from here on"),
        ('a,p1,0,True,True,1,x,3,"h"\na,"p",0\n', r"x\.csv:3: 3 cells; expected 9"),
        ("a,p1,0,True,True,1,x,3,hi", r"x\.csv:2: the last line does not end"),
        (
            "a,p1,0,True,True,1,x,3,\na,p1,1,True,True,1,y,3,\n",
            r'category: several values for .*"p1"',
        ),
        ("", r"no rows; expected at least one row"),
    ],
)
def test_what_is_wrong_in_a_csv_says_where(tmp_path, rows, sentence) -> None:
    with pytest.raises(ResultFileError, match=sentence):
        read(tmp_path, "x.csv", HEADER + rows)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("problem,passed,runtime", r'"runtime" is unknown.*\n.*Did you mean "runtime_s"'),
        ("problem,passed,passed", r'the column "passed" twice'),
        ("problem,passed,", r"a column without a name"),
    ],
)
def test_a_header_that_cannot_be_meant_is_refused(tmp_path, header, sentence) -> None:
    with pytest.raises(ResultFileError, match=sentence):
        read(tmp_path, "x.csv", f"{header}\np,true,1\n")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"problem": ["2"], "passed": 0}', r"x\.jsonl:2: problem: a list; expected one value"),
        ('{"problem": {"a": 1}, "passed": 0}', r"x\.jsonl:2: problem: an object"),
        ('{"problem": "2", "passed": [true]}', r"x\.jsonl:2: passed: a list"),
        ('{"problem": "2", "passed": 0, "runtime_s": NaN}', r"x\.jsonl:2: NaN, which is not"),
        ('{"problem": "2", "pas', r"x\.jsonl:2: the JSON ends early"),
        ("[1]", r"x\.jsonl:2: \[1\]; expected one JSON object on each line"),
        ('{"problem": "2", "passed": "timeout"}', r'x\.jsonl:2: passed: "timeout"'),
    ],
)
def test_what_is_wrong_in_json_lines_says_where(tmp_path, line, sentence) -> None:
    with pytest.raises(ResultFileError, match=sentence):
        read(tmp_path, "x.jsonl", '{"problem": "1", "passed": true}\n' + line + "\n")


def test_a_parquet_that_was_cut_off_is_an_error(tmp_path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"problem": ["p"], "passed": [True]}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ResultFileError, match="cannot be read as Parquet"):
        detect(path).read(path)


def test_what_no_harness_wrote_is_named_as_such(tmp_path) -> None:
    for content in (b"", b"hello\n", b'{"a": 1}', b"\x89PNG\r\n"):
        path = tmp_path / "x"
        path.write_bytes(content)
        with pytest.raises(ResultFileError, match=r"the file is empty|no output of a harness"):
            detect(path)
    with pytest.raises(ResultFileError, match="no such file or folder"):
        detect(tmp_path / "none")
    with pytest.raises(ResultFileError, match=r'"benchproof-cvs" is no format'):
        by_id("benchproof-cvs", path)
