"""The two drafts against the history of the founding report."""

import re
from pathlib import Path

import pytest

from harness.folder import read_releases

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT.parent / "shared" / "paper" / "history.md"
CODER, MULTIMODAL = "h2loop-coder", "h2loop-multimodal"
NEMO, DEEPSEEK, LLAMA = "mistral-nemo-12b", "deepseek-coder-v2-lite", "llama-3.3-8b"

pytestmark = pytest.mark.skipif(
    not HISTORY.is_file(), reason="the founding report is not beside this checkout"
)


@pytest.fixture(scope="module")
def releases():
    return read_releases(ROOT / "results")


@pytest.fixture(scope="module")
def facts():
    """Give the history's table: {fact: (draft1, draft2, v0.1)}."""
    lines = [line for line in HISTORY.read_text("utf-8").splitlines() if line.startswith("| ")]
    table = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    return {fact: tuple(cells) for fact, *cells in table[1:]}


def figures(release, figure, versus=None):
    return {p.model: p.printed for p in release.printed if (p.figure, p.versus) == (figure, versus)}


def test_order(releases):
    assert [r.version for r in releases] == ["v0.1-draft1", "v0.1-draft2", "v0.1"]
    assert [r.status for r in releases] == ["draft", "draft", "published"]
    assert [r.date for r in releases] == ["", "", ""]


def test_overall_rows(releases, facts):
    draft1, draft2, v01 = ({c.model: c for c in r.totals} for r in releases)
    assert [len(draft1), len(draft2), len(v01)] == [
        int(re.match(r"\d+", cell)[0]) for cell in facts["models in the overall table"]
    ]
    for draft in (draft1, draft2):
        assert {m: c for m, c in draft.items() if m != LLAMA} == {
            m: c for m, c in v01.items() if m != LLAMA
        }
    assert LLAMA not in draft1
    cells = facts["Llama 3.3 8B: total / compiled / passed"]
    for counts, cell in ((draft2, cells[1]), (v01, cells[2])):
        c = counts[LLAMA]
        assert f"{c.problems} / {c.compiled} / {c.passed}" == cell.partition(" (")[0]
    nemo = draft2[NEMO]
    copied = draft2[LLAMA]
    assert (copied.problems, copied.compiled, copied.passed) == (106, 58, 23)
    assert (nemo.problems, nemo.compiled, nemo.passed) == (106, 58, 23)


def test_overall_rates_of_the_nine_rows(releases):
    def rates(release, table):
        return {
            (p.figure, p.model): p.printed
            for p in release.printed
            if p.table == table and p.model != LLAMA
        }

    assert rates(releases[0], "overall") == rates(releases[2], "1")
    assert rates(releases[1], "overall") == rates(releases[2], "1")


def test_similar_sized_models(releases):
    similar = [next(c for c in r.comparisons if c.id == "similar").against for r in releases]
    assert similar[0] == (DEEPSEEK, NEMO)
    assert set(similar[1]) == set(similar[2]) == {DEEPSEEK, NEMO, LLAMA}


def test_gaps_to_the_average(releases, facts):
    draft1, draft2, v01 = releases
    average = facts["average of the similar-sized (%)"]
    assert figures(draft2, "group_mean_pass_rate", "similar") == {None: average[1]}
    assert figures(v01, "group_mean_pass_rate", "similar") == {None: average[2]}
    for model, fact in (
        (CODER, "Coder vs that average (points, relative)"),
        (MULTIMODAL, "Multimodal vs that average"),
    ):
        assert facts[fact][0] == "–"
        for release, cell in ((draft2, facts[fact][1]), (v01, facts[fact][2])):
            points = figures(release, "gap_points", "similar")[model].lstrip("+")
            relative = figures(release, "gap_relative", "similar")[model]
            assert cell == f"+{points}, {relative} %"
    assert not figures(draft1, "gap_points", "similar")


@pytest.mark.parametrize(
    ("fact", "model", "versus"),
    [
        ("Coder vs Deepseek (points, relative)", CODER, DEEPSEEK),
        ("Coder vs NeMo", CODER, NEMO),
        ("Multimodal vs Deepseek", MULTIMODAL, DEEPSEEK),
        ("Multimodal vs NeMo", MULTIMODAL, NEMO),
    ],
)
def test_differences_to_one_model(releases, facts, fact, model, versus):
    draft1, draft2, v01 = releases
    points = figures(draft1, "difference_points", versus)[model]
    relative = figures(draft1, "difference_relative", versus)[model]
    assert facts[fact] == (f"{points}, {relative} %", "–", "–")
    assert not figures(draft2, "difference_points", versus)
    assert not figures(v01, "difference_points", versus)


def test_sizes_and_efficiency(releases, facts):
    for i, release in enumerate(releases):
        for model, fact in (
            (CODER, "size used for Coder (billion parameters)"),
            (MULTIMODAL, "size used for Multimodal"),
        ):
            assert release.model(model).parameters.total == float(facts[fact][i])
        efficiency = figures(release, "efficiency")
        cell = facts["efficiency Coder / Multimodal"][i]
        assert cell == f"{efficiency[CODER]} / {efficiency[MULTIMODAL]}"


def test_ratios(releases, facts):
    draft1, draft2, v01 = releases
    cells = facts['"times more efficient than the next best" (Coder / Multimodal)']
    first = figures(draft1, "efficiency_ratio", "gemma-3-27b")
    second = figures(draft2, "efficiency_ratio", "gemma-3-27b")
    assert cells == (f"{first[CODER]}x / –", f"{second[CODER]}x / {second[MULTIMODAL]}x", "–")
    assert set(first) == {CODER}
    cells = facts['"fewer parameters than the best model" (Coder)']
    second, third = (figures(r, "size_ratio", CODER)["gemini-2.5-pro"] for r in (draft2, v01))
    assert cells == ("–", f"{second}x", f"{third}x")


def test_size_ranges(releases, facts):
    cells = facts["size range, highlights or conclusion"]
    for release, cell in zip(releases[:2], cells[:2], strict=True):
        ends = [
            p.printed
            for table in ("size range, smaller", "size range, competitive")
            for p in release.printed
            if p.table == table
        ]
        assert re.findall(r"\d+", cell) == ends
    final = [p.printed for p in releases[2].printed if p.figure.endswith("est_size_ratio")]
    assert sorted(final) == sorted(re.findall(r"\d+", cells[2]))


def test_proximity(releases, facts):
    for i, release in enumerate(releases):
        for model, fact in (
            (CODER, "proximity Coder, pass / compile (%)"),
            (MULTIMODAL, "proximity Multimodal, pass / compile (%)"),
        ):
            wanted = [p for p in release.printed if p.model == model and p.versus == "best"]
            place = "5.2" if i == 2 else "proximity"
            ours = [p.printed for p in wanted if p.table == place]
            assert facts[fact][i] == (" / ".join(ours) or "–")


def test_runtime_summaries(releases, facts):
    draft1, draft2, v01 = (
        {s.model: s for s in r.summaries if s.metric == "inverse_runtime"} for r in releases
    )
    for model, fact in (
        (CODER, "table 3.1 Coder mean / median / std / min / max"),
        (NEMO, "table 3.1 NeMo"),
        (MULTIMODAL, "table 3.1 Multimodal"),
        (DEEPSEEK, "table 3.1 Deepseek"),
    ):
        for summaries, cell in ((draft1, facts[fact][0]), (draft2, facts[fact][1])):
            s = summaries[model]
            assert [s.mean, s.median, s.std, s.min, s.max] == list(map(float, cell.split(" / ")))
        assert facts[fact][2] == "as draft2"
        assert v01[model] == draft2[model]
    counts = facts["runtime rows per model (table 3.1)"]
    assert counts[0] == "20 each"
    assert [s.count for s in draft1.values()] == [20] * 4
    assert " / ".join(str(s.count) for s in draft2.values()) == counts[1]


def test_weighted_summaries(releases):
    draft1, draft2, v01 = (
        [s for s in r.summaries if s.metric == "passes_per_second"] for r in releases
    )
    assert not draft1
    assert draft2 == [s for s in v01 if s.model != LLAMA]
    assert len(v01) == 5


def test_ranks(releases, facts):
    for i, release in enumerate(releases):
        ranks = figures(release, "rank")
        for model, name in ((CODER, "Coder"), (MULTIMODAL, "Multimodal")):
            cell = facts[f"claim on {name}'s rank"][i]
            rank = re.match(r"\d+", cell)
            assert ranks.get(model) == (rank[0] if rank else None)


def test_category_by_difficulty(releases):
    draft1, draft2, v01 = releases

    def cells(release, figure, model=MULTIMODAL):
        return {
            (p.category, p.difficulty): p.printed
            for p in release.printed
            if (p.figure, p.model) == (figure, model)
        }

    final = cells(v01, "cell_pass_rate")
    assert cells(draft1, "cell_pass_rate") == cells(draft2, "cell_pass_rate") == final
    text = re.sub(r"\s+", " ", HISTORY.read_text("utf-8"))
    listed = re.search(r"compile rates ([^)]*?) % for Advanced, Basic, Mathematics, Oper", text)
    rates = [row.split("/") for row in listed[1].split(", ")]
    names = ("Advanced Programming", "Basic Programming", "Mathematics", "Operating System")
    assert cells(draft1, "cell_compile_rate") == {
        (name, level): rate
        for name, row in zip(names, rates, strict=True)
        for level, rate in zip(("easy", "medium", "hard"), row, strict=True)
        if rate != "–"
    }
    assert not cells(draft2, "cell_compile_rate")
    assert not any(c.category for r in (draft1, draft2) for c in r.counts)
