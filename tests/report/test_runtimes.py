"""Raw runtimes, where a release has them: the authors' own rows as boxes and strips."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from harness.folder import read_release
from report.analysis import analyse
from report.exhibits.common import Context
from report.exhibits.runtime import runtime_figure, runtime_table
from report.pages import Placer, render_pages

ROOT = Path(__file__).resolve().parents[2]
ROWS = ROOT.parent / "shared" / "data" / "evals-public" / "r0" / "weighted_runtime_analysis.csv"

IDS = {
    "H2looP v0.1-Coder": "h2loop-coder",
    "H2looP v0.1-Multimodal": "h2loop-multimodal",
    "Deepseek Coder V2-lite": "deepseek-coder-v2-lite",
    "Mistral NeMo 12B": "mistral-nemo-12b",
}


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Context:
    if not ROWS.exists():
        pytest.skip("the authors' runtime rows are not here: no ../shared/data")
    folder = tmp_path_factory.mktemp("timed") / "v0.1"
    shutil.copytree(ROOT / "results" / "v0.1", folder)
    with ROWS.open(encoding="utf-8", newline="") as source:
        rows = [
            (
                IDS[row["model"]],
                row["runtime"],
                "true" if row["functional_passes"] == "1" else "false",
            )
            for row in csv.DictReader(source)
        ]
    lines = "".join(f"{model},{seconds},{passed}\n" for model, seconds, passed in rows)
    (folder / "runtimes.csv").write_text(f"model,runtime_s,passed\n{lines}", "utf-8")
    release = (folder / "release.toml").read_text("utf-8").replace('previous = "v0.1-draft2"\n', "")
    (folder / "release.toml").write_text(release, "utf-8")
    return Context(analyse(read_release(folder)))


def test_every_program_is_drawn(timed: Context) -> None:
    figure = runtime_figure(timed)
    boxes, points = figure.wide.arguments
    assert len(points) == 272
    assert len(boxes) == 4
    assert "272 programs of 4 models" in figure.caption
    failed = Counter(point["model"] for point in points if point["failed"])
    # Coder: 74 compiled, 48 passed.
    assert failed["H2looP v0.1-Coder"] == 74 - 48


def test_rows_agree_with_the_published_summaries(timed: Context) -> None:
    # The report's metric is 1000 / runtime, so its median is 1000 over the runtimes' median
    # (exactly for an odd count, nearly for an even one).
    medians = {row["model"].text: float(row["median"].raw) for row in runtime_table(timed).rows}
    published = {
        item.summary.model: item.summary.median
        for group in timed.analysis.summaries
        if group.metric.id == "inverse_runtime"
        for item in group.models
    }
    for name, model in IDS.items():
        assert 1000 / medians[timed.labels[model]] == pytest.approx(published[model], rel=0.05), (
            name
        )


@pytest.mark.slow
def test_the_page_shows_boxes_before_summaries(timed: Context) -> None:
    placer = Placer(cache=None)
    pages = {p.path: p for p in render_pages(timed, docs=ROOT / "docs", placer=placer)}
    text = pages["runtime.md"].markdown
    assert text.index('id="figure-runtimes-chart"') < text.index("figure-summary-inverse-runtime")
    assert "data/charts/runtimes-chart.csv" in placer.files
