"""lm-evaluation-harness: samples of two generations, results of four."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from shared_data import DATA, needs_data

from harness.errors import ResultFileError
from harness.formats import lm_eval, lm_eval_results
from harness.formats.files import head
from harness.formats.reading import ClaimedRate, Reading

REAL = DATA / "lm-eval"
OLD = REAL / "2023-refactor"
TIME = "2026-01-21T03-44-18.458309"
NEW = REAL / f"2026-v0.4/samples_math_perturbed_full_{TIME}.jsonl"
NAME = f"samples_made_up_{TIME}.jsonl"


def line(doc_id: object = 0, filter_: str | None = "none", **metrics: Any) -> dict[str, Any]:
    doc = {"question": f"{doc_id}?"}
    common = {"doc_id": doc_id, "doc": doc, "target": "", "arguments": [], "resps": [[""]]}
    today = {"filter": filter_, "metrics": list(metrics), "doc_hash": f"hash of {doc_id}"}
    return common | {"filtered_resps": [""]} | (today if filter_ else {}) | metrics


def read(folder: Path, *lines: object, name: str = NAME) -> Reading:
    path = folder / name
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), "utf-8")
    assert lm_eval.matches(path, head(path))
    return lm_eval.read(path)


def error(folder: Path, *lines: object) -> str:
    with pytest.raises(ResultFileError) as caught:
        read(folder, *lines)
    return str(caught.value).replace(f"{folder}/", "")


def results(folder: Path, documents: int, **rates: float) -> Path:
    path = folder / f"results_{TIME}.json"
    size = {"original": 50, "effective": documents}
    text = {
        "results": {"made_up": {"alias": "made_up", **rates}},
        "configs": {},
        "n-samples": {"made_up": size},
        "model_name": "org/made-up",
    }
    path.write_text(json.dumps(text), "utf-8")
    return path


@needs_data
def test_ten_real_lines_of_a_task_of_5000_claim_no_rate() -> None:
    reading = lm_eval.read(NEW)
    rows = reading.rows.collect()
    assert rows.height == 10
    assert rows["passed"].to_list() == [False] * 10
    assert reading.n_problems == 5_000
    assert reading.claimed == ()
    assert [aside.count for aside in reading.set_aside] == [4_990]
    assert rows["model"][0].startswith("RylanSchaeffer/mem_Qwen3-93M")
    assert set(reading.problems["category"]) == {"math_perturbed_full"}


@needs_data
@pytest.mark.parametrize(
    ("name", "rows", "passed", "task", "model"),
    [
        ("_mathqa", 16, 2, "mathqa", None),
        ("_qnli", 16, 7, "qnli", None),
        ("_pubmed_qa", 10, 4, "pubmed_qa", None),
        ("pretrained=EleutherAI__pythia-2.8b_winogrande", 4, 1, "winogrande", "pythia-2.8b"),
        (
            "pretrained=EleutherAI__pythia-2.8b_trivia_qa_unfiltered.nocontext",
            2,
            0,
            "trivia_qa_unfiltered.nocontext",
            "pythia-2.8b",
        ),
    ],
)
def test_real_samples_of_2023(
    name: str, rows: int, passed: int, task: str, model: str | None
) -> None:
    reading = lm_eval.read(OLD / f"{name}.jsonl")
    table = reading.rows.collect()
    assert table.height == table["problem"].n_unique() == rows
    assert table["passed"].sum() == passed
    assert set(reading.problems["category"]) == {task}
    assert set(table["model"]) == {f"EleutherAI/{model}" if model else None}


@needs_data
def test_metrics_of_2023_are_what_is_left_and_text_is_none() -> None:
    assert lm_eval.read(OLD / "_mathqa.jsonl").rows.collect().columns[-1] == "acc_norm"
    trivia = "pretrained=EleutherAI__pythia-2.8b_trivia_qa_unfiltered.nocontext.jsonl"
    reading = lm_eval.read(OLD / trivia)  # its f1 is the id of a question
    assert "f1" not in reading.rows.collect().columns
    assert [(aside.what, aside.count) for aside in reading.set_aside] == [
        ("values of `f1` that are no number", 2)
    ]


@needs_data
def test_the_hash_made_for_old_lines_is_the_one_that_new_lines_carry() -> None:
    for text in NEW.read_text("utf-8").splitlines():
        record = json.loads(text)
        shown = json.dumps(record["doc"], indent=2, ensure_ascii=False)
        assert hashlib.sha256(shown.encode()).hexdigest() == record["doc_hash"]


@needs_data
def test_real_results_with_a_size_become_counts() -> None:
    folder = REAL / "2024-v0.4-multifilter"
    [small] = (folder / "meta-llama__Meta-Llama-3-8B-Instruct").iterdir()
    [large] = (folder / "meta-llama__Meta-Llama-3.1-70B-Instruct").iterdir()
    for path, model, passed in ((small, "3-8B", 1_019), (large, "3.1-70B", 1_077)):
        counts = lm_eval_results.read(path).counts
        assert counts is not None
        assert counts.rows() == [
            (f"meta-llama/Meta-Llama-{model}-Instruct", None, None, 1_319, None, passed)
        ]
    metrics = {claim.metric for claim in lm_eval_results.read(small).claimed}
    assert metrics == {"exact_match,strict-match", "exact_match,flexible-extract"}


@needs_data
def test_two_real_tasks_are_two_categories() -> None:
    counts = lm_eval_results.read(REAL / f"2026-v0.4/results_{TIME}.json").counts
    assert counts is not None
    assert counts.select("category", "problems", "passed").rows() == [
        (None, 10_000, 2),
        ("math_perturbed_full", 5_000, 0),
        ("math_rephrased_full", 5_000, 2),
    ]


@needs_data
@pytest.mark.parametrize("size", ["560m", "1b1", "1b7", "3b", "7b1"])
def test_real_results_without_a_size_say_what_they_lack(size: str) -> None:
    path = REAL / f"2023-legacy/bloom-{size}_common_sense_reasoning_0-shot.json"
    reading = lm_eval_results.read(path)
    assert reading.counts is None
    assert "nor the number of documents" in (reading.lacks or "")
    assert {claim.model for claim in reading.claimed} == {f"bigscience/bloom-{size}"}
    assert len({claim.category for claim in reading.claimed}) == 12
    taco = {claim.metric for claim in reading.claimed if claim.category == "mc_taco"}
    assert taco == {"em", "f1"}


@needs_data
def test_the_name_of_a_results_file_tells_nothing() -> None:
    [claim] = lm_eval_results.read(OLD / "arc.json").claimed
    assert (claim.category, claim.model) == ("boolq", "facebook/xglm-1.7B")
    assert lm_eval_results.read(OLD / "o.json").claimed[0].model is None


def test_filters_of_one_answer_are_one_row_and_the_first_decides(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        line(0, "strict-match", exact_match=0.0),
        line(1, "strict-match", exact_match=1.0),
        line(0, "flexible-extract", exact_match=1.0),
        line(1, "flexible-extract", exact_match=1.0),
    )
    rows = reading.rows.collect()
    assert rows["problem"].to_list() == ["made_up/0", "made_up/1"]
    assert rows["passed"].to_list() == [False, True]
    assert rows["exact_match,flexible-extract"].to_list() == [1.0, 1.0]
    assert any("`strict-match`, decides" in rule for rule in reading.rules)


def test_the_rate_is_claimed_where_the_samples_are_all_of_it(tmp_path: Path) -> None:
    results(tmp_path, 2, **{"exact_match,none": 0.5})
    reading = read(tmp_path, line(0, exact_match=0.0), line(1, exact_match=1.0))
    assert reading.claimed == (ClaimedRate("passed", 0.5, model="org/made-up"),)
    assert reading.n_problems == 50
    assert set(reading.rows.collect()["model"]) == {"org/made-up"}


def test_results_may_bear_the_name_that_the_user_gave(tmp_path: Path) -> None:
    results(tmp_path, 1, **{"acc,none": 1.0}).rename(tmp_path / f"mine_{TIME}.json")
    assert set(read(tmp_path, line(0, acc=1.0)).rows.collect()["model"]) == {"org/made-up"}
    results(tmp_path, 1).rename(tmp_path / f"other_{TIME}.json")
    assert set(read(tmp_path, line(0, acc=1.0)).rows.collect()["model"]) == {None}


def test_booleans_of_numpy_arrive_as_words_and_other_accuracies_are_passes(tmp_path: Path) -> None:
    strict = "prompt_level_strict_acc"
    rows = read(
        tmp_path,
        line(0, **{"inst_level_strict_acc": [True], strict: "True"}),
        line(1, **{"inst_level_strict_acc": [False], strict: "False"}),
    ).rows.collect()
    assert rows["passed"].to_list() == [True, False]


def test_fractions_are_a_score_and_a_perplexity_is_neither(tmp_path: Path) -> None:
    rows = read(tmp_path, line(0, f1=1.0), line(1, f1=0.25)).rows.collect()
    assert rows["score"].to_list() == [1.0, 0.25]
    assert rows["passed"].null_count() == 2
    reading = read(tmp_path, line(0, perplexity=12.5), line(1, perplexity=0.5))
    rows = reading.rows.collect()
    assert rows["perplexity"].to_list() == [12.5, 0.5]
    assert rows["passed"].null_count() == rows["score"].null_count() == 2
    assert any("none is a pass" in rule for rule in reading.rules)


def test_a_known_metric_decides_before_others_whatever_their_order(tmp_path: Path) -> None:
    rows = read(tmp_path, line(0, bleu=40.0, acc_norm=0.0, acc=1)).rows.collect()
    assert rows["passed"].to_list() == [True]
    assert rows.select("bleu", "acc_norm").rows() == [(40.0, 0.0)]


def test_ranks_that_repeat_a_document_alike_count_it_once(tmp_path: Path) -> None:
    reading = read(tmp_path, line(1, acc=1.0), line(0, acc=0.0), line(1, acc=1.0))
    assert reading.rows.collect()["problem"].to_list() == ["made_up/1", "made_up/0"]
    assert [aside.count for aside in reading.set_aside] == [1]
    unlike = error(tmp_path, line(1, acc=1.0), line(1, acc=0.0))
    assert f'{NAME}:2: doc_id: document "1" again, unlike line 1' in unlike


def test_bad_lines_are_refused_with_their_number(tmp_path: Path) -> None:
    assert f"{NAME}:2: doc_id: it is missing" in error(tmp_path, line(0, acc=1.0), {"doc": 1})
    assert ":1: acc: nan; expected a finite number" in error(tmp_path, line(0, acc=float("nan")))
    listed = line(0, acc=1.0) | {"metrics": ["acc", "f1"]}
    assert ":1: f1: it is missing" in error(tmp_path, listed)
    assert "no metric that is a number" in error(tmp_path, line(0, filter_=None))
    assert ":2: a list; expected an object" in error(tmp_path, line(0, acc=1.0), [1, 2])


def test_a_line_cut_off_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / NAME
    whole = json.dumps(line(0, acc=1.0)) + "\n" + json.dumps(line(1, acc=1.0))
    path.write_text(whole[:-9], "utf-8")
    with pytest.raises(ResultFileError, match=r":2: the JSON ends early"):
        lm_eval.read(path)


def test_a_documents_nan_is_no_business_of_ours(tmp_path: Path) -> None:
    odd = line(0, acc=1.0) | {"doc": {"score": float("nan")}}
    assert read(tmp_path, odd).rows.collect()["passed"].to_list() == [True]


def test_adapters_and_local_folders_name_a_model() -> None:
    name = lm_eval_results.model_of_args
    assert name("pretrained=org/base,dtype=float16") == "org/base"
    assert name("pretrained=org/base,peft=/home/me/runs/my-lora") == "org/base+my-lora"
    assert name("model=gpt-x,num_concurrent=4") == "gpt-x"
    assert name("dtype=float16") is None


def test_sizes_and_rates_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultFileError, match=r"made_up.effective: 51; expected at most the task"):
        lm_eval_results.read(results(tmp_path, 51, **{"acc,none": 0.5}))
    with pytest.raises(ResultFileError, match=r'made_up."acc,none": 58; expected a number from 0'):
        lm_eval_results.read(results(tmp_path, 50, **{"acc,none": 58}))


def test_groups_repeat_their_tasks_and_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    tasks = {"group": {"acc,none": 0.5}, "a": {"acc,none": 0.5}, "b": {"acc,none": 0.3}}
    sizes = {name: {"original": 4, "effective": 4} for name in tasks}
    subtasks = {"group": ["a", "b"], "a": [], "b": []}
    text = {"results": tasks, "group_subtasks": subtasks, "n-samples": sizes}
    path.write_text(json.dumps(text), "utf-8")
    assert lm_eval_results.matches(path, head(path))
    reading = lm_eval_results.read(path)
    assert reading.counts is not None
    assert reading.counts.select("problems", "passed").rows() == [(4, 2)]  # 0.3 of 4 is no count
    assert {aside.what: aside.count for aside in reading.set_aside} == {
        "tasks without a count": 1,
        "groups of tasks": 1,
    }
