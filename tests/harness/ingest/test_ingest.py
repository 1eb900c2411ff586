import json
import tomllib

import polars as pl
import pytest

from harness.errors import BenchproofError, ResultFileError
from harness.ingest import stage
from harness.ingest.result import Options
from harness.ingest.run import ingest
from harness.reader import read_release

HEADER = "model,problem,sample,compiled,passed,runtime_s\n"
ROWS = "A,p1,0,true,true,0.5\nA,p2,0,true,false,\nB,p1,0,true,true,0.25\nB,p3,0,false,false,\n"
BAD = {
    "truncated JSON": ("x.jsonl", '{"problem": "p", "passed": true}\n{"problem": "q", "pas'),
    "wrong type": ("x.csv", HEADER + "A,p1,0,true,maybe,\n"),
    "NaN": ("x.jsonl", '{"problem": "p", "passed": true, "runtime_s": NaN}\n'),
    "duplicate rows": ("x.csv", HEADER + "A,p1,0,true,true,\nA,p1,0,true,true,\n"),
    "problems that differ by case": ("x.csv", HEADER + "A,p1,0,true,true,\nA,P1,0,true,true,\n"),
    "a model in two spellings": ("x.csv", HEADER + "GPT-4o,p1,0,,true,\ngpt 4o,p2,0,,true,\n"),
    "no harness output": ("x.txt", "hello\n"),
    "empty": ("x.csv", ""),
    "header alone": ("x.csv", HEADER),
    "passed without compiling": ("x.csv", HEADER + "A,p1,0,false,true,\n"),
    "negative runtime": ("x.csv", HEADER + "A,p1,0,true,true,-3\n"),
    "score out of range": ("x.csv", "model,problem,score\nA,p1,87.5\n"),
    "infinite score": ("x.csv", "model,problem,score\nA,p1,inf\n"),
    "problem without id": ("x.csv", HEADER + "A,,0,true,true,\n"),
    "problem with a line end": ("x.csv", HEADER + 'A,"p\n1",0,true,true,\n'),
    "no value at all": ("x.csv", HEADER + "A,p1,0,,,\n"),
    "one model without a value": ("x.csv", HEADER + "A,p1,0,,,\nB,p1,0,,true,\n"),
    "rows with and without a model": ("x.csv", HEADER + "A,p1,0,true,true,\n,p2,0,true,true,\n"),
    "two words that have no order": (
        "x.csv",
        "model,problem,passed,difficulty\nA,p,true,soft\nA,q,true,tough\n",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_clear_error_and_nothing_changes(case, take, untouched) -> None:
    name, content = BAD[case]
    before = untouched()
    with pytest.raises(BenchproofError) as raised:
        take(content, name=name)
    assert untouched() == before
    sentence = str(raised.value)
    assert "expected" in sentence
    assert "Traceback" not in sentence
    assert ".ingest-" not in sentence
    assert ".rows-" not in sentence


def test_rows_problems_and_models_arrive(take, release) -> None:
    done = take(HEADER + ROWS)
    read = read_release(release)
    assert read.outcomes is not None
    assert read.outcomes.frame.height == 4
    assert [model.id for model in read.models] == ["a", "b"]
    assert read.n_problems == 3
    assert [m.id for m in read.metrics] == ["compiled", "passed"]
    accounts = {model.id: model for model in done.models}
    assert accounts["a"].missing == 1
    assert accounts["a"].sources == ("A (the file)",)
    assert accounts["b"].passed == 1


def test_the_same_file_twice_changes_no_byte(take, untouched) -> None:
    take(HEADER + ROWS)
    before = untouched()
    take(HEADER + ROWS)
    assert untouched() == before


def test_new_rows_are_added_to_those_of_the_release(take, release) -> None:
    take(HEADER + ROWS)
    take(HEADER + "C,p4,0,true,true,1\n", name="y.csv")
    read = read_release(release)
    assert read.outcomes is not None
    assert read.outcomes.frame.height == 5
    record = json.loads((release / "ingest.json").read_text(encoding="utf-8"))
    assert [source["rows"] for source in record["sources"]] == [4, 1]
    assert [model["missing"] for model in record["models"]] == [2, 2, 3]


def test_a_changed_row_needs_replace(take, release, untouched) -> None:
    take(HEADER + ROWS)
    before = untouched()
    changed = HEADER + "A,p1,0,true,false,0.5\n"
    with pytest.raises(ResultFileError, match=r"passed: false for \"a\", \"p1\", sample 0") as e:
        take(changed)
    assert "--replace" in str(e.value)
    assert untouched() == before
    take(changed, replace=True)
    read = read_release(release)
    assert read.outcomes is not None
    frame = read.outcomes.frame
    assert frame.height == 4
    assert frame.filter(model="a", problem="p1")["passed"].to_list() == [False]


def test_replace_never_mixes_two_runs_of_one_problem(take, release) -> None:
    take(HEADER + "A,p1,0,,true,\nA,p1,1,,true,\nA,p2,0,,true,\n")
    take(HEADER + "A,p1,0,,false,\n", replace=True)
    read = read_release(release)
    assert read.outcomes is not None
    rows = read.outcomes.frame.sort("problem", "sample").select("problem", "passed").rows()
    assert rows == [("p1", False), ("p2", True)]


def test_csv_and_parquet_hold_the_same_and_take_each_others_place(take, release) -> None:
    take(HEADER + ROWS, as_csv=True)
    as_csv = read_release(release)
    assert (release / "outcomes.csv").exists()
    take(HEADER + ROWS)
    assert not (release / "outcomes.csv").exists()
    assert read_release(release).outcomes == as_csv.outcomes


def test_known_models_are_found_by_id_name_and_alias_and_keep_their_text(take, release) -> None:
    text = (
        '# ours, by hand\n[[models]]\nid = "our-model" # short\nname = "Our Model"\n'
        'aliases = ["ours-7b"]\ngroup = "focus"\n'
    )
    (release / "models.toml").write_text(text, encoding="utf-8")
    for word in ("our-model", "Our Model", "our model", "ours-7b"):
        done = take(HEADER + f"{word},p1,0,true,true,0.5\n")
        assert [(m.id, m.new) for m in done.models] == [("our-model", False)]
    take(HEADER + 'Théirs "8"+,p1,0,true,true,\n'.replace('"8"', "8"))
    after = (release / "models.toml").read_text(encoding="utf-8")
    assert after.startswith(text)
    assert tomllib.loads(after)["models"][1] == {
        "id": "theirs-8-plus",
        "name": "Théirs 8+",
        "group": "other",
    }


@pytest.mark.parametrize("word", ["OurModel", "our_model", "Our-Model!"])
def test_a_likeness_is_not_guessed_at(word, take, release) -> None:
    (release / "models.toml").write_text(
        '[[models]]\nid = "m"\nname = "Our Model"\ngroup = "focus"\n', encoding="utf-8"
    )
    with pytest.raises(ResultFileError, match="aliases = "):
        take(HEADER + f"{word},p1,0,true,true,0.5\n")


def test_versions_that_differ_in_a_point_are_two_models(take) -> None:
    done = take(HEADER + "M-1.5,p1,0,,true,\nM-15,p1,0,,true,\n")
    assert [model.id for model in done.models] == ["m-1.5", "m-15"]


def test_models_in_brackets_are_left_to_their_author(take, release, untouched) -> None:
    (release / "models.toml").write_text('models = [{ id = "z", name = "Z", group = "other" }]\n')
    before = untouched()
    with pytest.raises(ResultFileError, match="models in one list in brackets"):
        take(HEADER + ROWS)
    assert untouched() == before


def test_a_file_without_a_model_takes_the_option_or_the_folder(take, tmp_path) -> None:
    rows = "problem,passed\np1,true\np2,false\n"
    with pytest.raises(ResultFileError, match='--model "0", if that is the model'):
        take(rows)
    assert take(rows, models=("Mine",)).models[0].sources == ("Mine (--model)",)
    for name in ("left", "right"):
        (tmp_path / "runs" / name / "out").mkdir(parents=True)
        (tmp_path / "runs" / name / "out" / "x.csv").write_text(rows)
    done = take(tmp_path / "runs")
    assert [m.sources for m in done.models if m.sources] == [
        ("left (the folder's name)",),
        ("Mine (--model)",),
        ("right (the folder's name)",),
    ]


def test_model_names_one_file_each_or_all_of_them(take) -> None:
    rows = "problem,passed\np1,true\n"
    done = take(rows, rows, models=("One", "Two"))
    assert [model.id for model in done.models] == ["one", "two"]
    with pytest.raises(ResultFileError, match="2 names for 3 files"):
        take(rows, rows, rows, models=("One", "Two"))
    with pytest.raises(ResultFileError, match="a file of 2 models"):
        take(HEADER + ROWS, models=("One",))


def test_facts_of_problems_are_joined_and_both_sides_are_said(take, release, tmp_path) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text(
        "problem,category,difficulty,date,points\np1,Loops,easy,2024-05-01,3\n"
        "p2,Loops,hard,2024-05-02,3\np9,Trees,easy,,3\n"
    )
    done = take(HEADER + ROWS, problems=facts)
    assert done.problems is not None
    assert done.problems.without_facts == ("p3",)
    assert done.problems.without_rows == ("p9",)
    assert done.problems.ignored == ("points",)
    read = read_release(release)
    assert read.categories == ("Loops",)
    assert read.difficulties == ("easy", "hard")
    assert [(p.id, p.difficulty) for p in read.problems] == [
        ("p1", "easy"),
        ("p2", "hard"),
        ("p3", None),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("id,category\np1,x\n", "no column problem among id, category"),
        ("problem,categry\np1,x\n", 'Did you mean "category"'),
        ("problem,category\np1,x\np1,y\n", r'facts.csv:3: problem: "p1" for a second time'),
        ("problem,date\np1,yesterday\n", "a date such as 2025-08-31"),
    ],
)
def test_a_table_of_problems_is_checked_too(take, tmp_path, untouched, content, sentence) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text(content)
    before = untouched()
    with pytest.raises(BenchproofError, match=sentence):
        take(HEADER + ROWS, problems=facts)
    assert untouched() == before


def test_a_metric_is_kept_where_the_release_declares_it(take, release) -> None:
    rows = "model,problem,passed,tokens\nA,p1,true,12\n"
    assert take(rows).left_out == ("tokens",)
    with (release / "release.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[metrics]]\nid = "tokens"\ntitle = "T"\nunit = "1"\nkind = "continuous"\n')
    assert take(rows, replace=True).left_out == ()
    assert pl.read_parquet(release / "outcomes.parquet")["tokens"].to_list() == [12.0]


def test_a_frozen_release_and_a_missing_one_are_refused(take, release, tmp_path) -> None:
    (release / "freeze.json").write_text("{}")
    with pytest.raises(ResultFileError, match="a frozen release"):
        take(HEADER + ROWS)
    with pytest.raises(ResultFileError, match=r"no release\.toml there.*\n.*build\.py new v9"):
        ingest(["x"], tmp_path / "v9", Options(), estimate=lambda *_: 0.0)


def test_a_file_given_twice_is_refused(take, tmp_path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(HEADER + ROWS)
    with pytest.raises(ResultFileError, match="given twice"):
        take(file, file)


def test_two_files_with_the_same_row_are_both_named(take) -> None:
    with pytest.raises(BenchproofError, match=r"2 rows for \"a\", \"p1\".*in x\.csv and x\.csv"):
        take(HEADER + ROWS, HEADER + ROWS)


def test_a_disk_that_fills_leaves_the_release_as_it_was(take, untouched, monkeypatch) -> None:
    take(HEADER + ROWS)
    before = untouched()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stage.shutil, "copytree", full)
    with pytest.raises(OSError, match="No space left"):
        take(HEADER + "C,p4,0,true,true,1\n")
    assert untouched() == before


def test_a_run_that_was_killed_between_two_renames_is_mended(take, release) -> None:
    take(HEADER + ROWS)
    release.rename(release.with_name(".v1.before-ingest"))
    stage.recover(release)
    assert read_release(release).outcomes is not None
    with stage.staged(release):
        pass
    assert [p.name for p in release.parent.iterdir()] == ["v1"]
