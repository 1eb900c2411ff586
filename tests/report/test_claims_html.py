"""Claims on pages: what a badge and a card hold, that hostile text stays inert, and the marks."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from harness.claim import Claim
from harness.reader import read_release
from report.analysis import analyse
from report.claims import judge
from report.claims.as_json import COLUMNS, claims_json
from report.claims.html import forest, inline_claim, list_html
from report.claims.parts import Part
from report.claims.sensitivity import Mark, sensitivity
from report.exhibits.claims import comparative
from report.exhibits.common import Context
from report.narrative_claims import _marks
from report.pages import NarrativeError, render_pages
from report.placing import Placer
from report.versions import data_files
from stats.interval import Interval

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "</span><script>alert(1)</script> [x](javascript:y) | *"


def of(context: Context, claim: str) -> object:
    return next(found for found in context.claims if found.id == claim)


def test_a_badge_shows_figure_interval_and_verdict_and_opens_its_card(founding: Context) -> None:
    html = inline_claim(of(founding, "coder-gap"), number=3, depth=1)  # type: ignore[arg-type]
    assert "&#43;21.1 points" in html
    assert "&#43;10.7 to +31.4" in html
    assert 'popovertarget="claim-coder-gap-3"' in html
    assert 'class="bp-claim-card" id="claim-coder-gap-3"' in html
    assert 'href="../claims.html#coder-gap"' in html
    assert "\n" not in html
    assert not re.search(r"<(div|p|ul|table|section)\b", html)  # it stands inside a paragraph


def test_a_claim_of_many_figures_counts_them(founding: Context) -> None:
    whole = inline_claim(of(founding, "overall-table"), number=1, depth=0)  # type: ignore[arg-type]
    two = inline_claim(of(founding, "models-55-64"), number=1, depth=0)  # type: ignore[arg-type]
    assert whole.startswith('<span class="bp-value">30 of 30 figures</span> <button')
    assert two.index("55.2%") < two.index(" and ") < two.index("64.0%") < two.index("<button")


def test_hostile_text_is_inert_in_badge_and_list(founding: Context) -> None:
    claim = Claim(
        line=1,
        id="bad",
        section=HOSTILE,
        text=HOSTILE,
        stated=HOSTILE,
        acknowledged=HOSTILE,
        note=HOSTILE,
        assertions=founding.analysis.release.claims[0].assertions,
    )
    release = replace(founding.analysis.release, claims=(claim,))
    judged = judge(replace(founding.analysis, release=release))
    for html in (inline_claim(judged[0], number=1, depth=0), list_html(judged, (), {})):
        assert "<script" not in html
        assert "](" not in html
        assert "*" not in html


def test_the_claims_page_has_an_anchor_for_each_claim(founding: Context) -> None:
    pages = {
        page.path: page.markdown
        for page in render_pages(founding, docs=ROOT / "docs", placer=Placer(cache=None))
    }
    anchors = re.findall(r'<h3 id="([a-z0-9-]+)">', pages["claims.md"])
    assert anchors == [claim.id for claim in founding.analysis.release.claims]
    assert pages["claims.md"].count('class="bp-marks"') == len(sensitivity(founding.analysis))
    assert 'href="claims.html#verdict=supported"' in pages["index.md"]
    ids = re.findall(r' id="(claim-[^"]+)"', pages["methods/claims.md"])
    assert len(ids) == len(set(ids)) == 8


def test_an_unknown_claim_fails_the_build_and_names_the_nearest(tmp_path: Path) -> None:
    release = read_release(ROOT / "results" / "v0.1")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "similar.md").write_text("# S\n\n{{ claim('coder-gape') }}\n")
    context = Context(analyse(replace(release, path=tmp_path)))
    with pytest.raises(NarrativeError, match=r"similar.md:3: no claim is called 'coder-gape'; nea"):
        render_pages(context, docs=ROOT / "docs", placer=Placer(cache=None))


def test_every_claim_of_the_report_is_in_claims_json(founding: Context) -> None:
    files = data_files(founding)
    listed = json.loads(files["data/claims.json"])
    assert [c["id"] for c in listed] == [c.id for c in founding.analysis.release.claims]
    contract = {"id", "section", "text", "verdict", "estimate", "low", "high", "level"}
    contract |= {"p_value", "p_adjusted", "method", "evidence", "note"}
    assert all(contract <= claim.keys() for claim in listed)
    rows = files["data/claims.csv"].decode().splitlines()
    assert rows[0] == ",".join(COLUMNS)
    assert len(rows) == len(listed) + 1


def test_infinite_limits_are_null_in_json(founding: Context) -> None:
    found = of(founding, "coder-gap")
    part = replace(found.deciding, interval=Interval(0, float("inf"), 0.95, "m"))  # type: ignore[attr-defined]
    (claim,) = claims_json([replace(found, deciding=part, parts=(part,))])  # type: ignore[type-var]
    assert claim["high"] is None


def test_the_small_forest_plot_keeps_inside_its_frame() -> None:
    part = Part("t", estimate=0.1, interval=Interval(-0.2, float("inf"), 0.95, "m"), null=0.0)
    xs = [float(x) for x in re.findall(r'(?:M|H|cx=")(\d+(?:\.\d+)?)', forest(part))]
    assert all(0 <= x <= 240 for x in xs)
    assert forest(Part("t", estimate=0.1)) == ""
    assert forest(Part("t", estimate=1.0, interval=Interval(1, 1, 0.95, "m"))) == ""


def test_comparative_claims_are_drawn_in_the_direction_they_claim(founding: Context) -> None:
    drawn = {found.id: part.sign * (part.estimate or 0) for found, part in comparative(founding)}
    assert drawn["deepseek-lags-coder"] > 0  # "less", and it is less
    assert drawn["coder-compiles-most"] < 0
    assert drawn["declines-with-difficulty"] > 0
    assert len(drawn) == 13


@pytest.fixture(scope="module")
def marks(founding: Context) -> dict[str, dict[str, Mark]]:
    return {
        key: {mark.label: mark for mark in row}
        for key, row in sensitivity(founding.analysis).items()
    }


def test_a_verdict_that_hangs_on_the_family_is_marked(marks: dict[str, dict[str, Mark]]) -> None:
    row = marks["declines-with-difficulty"]
    assert row["one family"].verdict == "unresolved"
    assert row["BH"].verdict == row["uncorrected"].verdict == "supported"


def test_the_gap_as_printed_follows_if_missing_results_count_as_failed(
    marks: dict[str, dict[str, Mark]],
) -> None:
    # With 107 problems for Mistral NeMo the gap is 21.18 points, which prints as 21.2.
    assert marks["coder-gap"]["missing failed"].verdict == "unresolved"


def test_what_cannot_be_tried_is_a_dash_with_its_reason(marks: dict[str, dict[str, Mark]]) -> None:
    mark = marks["deepseek-lags-coder"]["by difficulty"]
    assert mark.verdict is None
    assert mark.reason


def test_claims_that_are_arithmetic_have_no_marks(marks: dict[str, dict[str, Mark]]) -> None:
    assert "kimi-size" not in marks
    assert "overall-table" not in marks


def test_marks_are_kept_between_builds_and_come_back_the_same(
    founding: Context, tmp_path: Path
) -> None:
    kept = Context(founding.analysis, kept=tmp_path)
    fresh = _marks(kept)
    assert len(list(tmp_path.glob("*.marks.json"))) == 1
    assert _marks(kept) == fresh == dict(sensitivity(founding.analysis))
