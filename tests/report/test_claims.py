"""Claims judged: the founding report's verdicts, and each kind of assertion at its edges."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.claim import Assertion, Claim, Family
from harness.claim_kinds import KINDS
from harness.folder import read_release
from harness.release import Count, Release, Runtime, Summary
from report.analysis import Analysis, analyse
from report.claims import JudgedClaim, judge, tally
from report.claims.judge import RULES
from report.claims.sensitivity import sensitivity
from report.exhibits.common import Context

ROOT = Path(__file__).resolve().parents[2]

VERDICTS = {
    "n-problems": "misstated",
    "categories": "supported",
    "difficulties": "supported",
    "mostly-hard": "supported",
    "overall-table": "supported",
    "overall-order": "contradicted",
    "llama33-lowest": "unresolved",
    "llama33-significantly-worst": "unresolved",
    "both-significantly-beat-similar": "unresolved",
    "competitive-with-large": "untestable",
    "deepseek-lags-coder": "unresolved",
    "similar-average": "supported",
    "coder-gap": "misstated",
    "multimodal-gap": "misstated",
    "both-exceed-each-similar": "unresolved",
    "consistent-superiority": "contradicted",
    "dense-beats-moe": "untestable",
    "runtime-all-107": "misstated",
    "runtime-table": "untestable",
    "coder-compiles-most": "contradicted",
    "coder-median-runtime-on-par": "misstated",
    "weighted-table": "untestable",
    "coder-leads-weighted": "unresolved",
    "both-superior-weighted": "contradicted",
    "coder-cells": "supported",
    "multimodal-cells": "misstated",
    "both-excel-easy": "untestable",
    "advanced-strong": "untestable",
    "mathematics-high": "untestable",
    "os-hardest": "contradicted",
    "declines-with-difficulty": "supported",
    "sota-order": "contradicted",
    "kimi-size": "misstated",
    "coder-proximity": "supported",
    "multimodal-proximity": "supported",
    "efficiency-table": "misstated",
    "multimodal-most-efficient": "contradicted",
    "advantage-column": "misstated",
    "coder-31x-fewer": "supported",
    "both-compile-proximity-91": "misstated",
    "models-55-64": "supported",
    "coder-up-to-37x": "misstated",
    "smaller-7-37": "misstated",
    "beat-similar-all-metrics": "contradicted",
    "moe-lag-dense": "contradicted",
    "efficiency-leadership": "contradicted",
    "sota-competence": "untestable",
    "only-multimodal": "untestable",
    "training-table": "contradicted",
    "qwen-without-results": "contradicted",
    "post-training": "untestable",
}


@pytest.fixture(scope="module")
def judged(founding: Context) -> dict[str, JudgedClaim]:
    return {claim.id: claim for claim in judge(founding.analysis)}


def test_the_verdicts_of_the_founding_report(judged: dict[str, JudgedClaim]) -> None:
    assert {key: claim.verdict for key, claim in judged.items()} == VERDICTS


def test_the_tally_counts_every_claim(judged: dict[str, JudgedClaim]) -> None:
    assert sum(tally(judged.values()).values()) == len(judged)


def test_every_claim_that_fails_is_acknowledged_and_no_other(
    judged: dict[str, JudgedClaim],
) -> None:
    assert {c.id for c in judged.values() if c.fails} == {
        c.id for c in judged.values() if c.acknowledged
    }


@pytest.mark.parametrize("version", ["v0.1-draft1", "v0.1-draft2"])
def test_drafts_acknowledge_just_what_fails(version: str) -> None:
    found = judge(analyse(read_release(ROOT / "results" / version)))
    assert {c.id for c in found if c.fails} == {c.id for c in found if c.acknowledged}


def test_a_gap_between_rounded_rates_is_misstated_and_says_why(
    judged: dict[str, JudgedClaim],
) -> None:
    part = judged["coder-gap"].parts[0]
    assert part.verdict == "misstated"
    assert part.note == (
        "Printed +21.2 points; the data give 21.12 points. "
        "It follows from rounded rates, 44.9 and 23.7%."
    )


def test_an_open_pair_says_what_would_decide_it(judged: dict[str, JudgedClaim]) -> None:
    part = judged["both-significantly-beat-similar"].parts[0]
    assert part.test is not None
    assert part.test.low == pytest.approx(0.0020, abs=5e-5)
    assert part.test.high == pytest.approx(0.34, abs=5e-3)
    assert part.needs.startswith("p between 0.0020 and 0.34 (corrected between ")
    assert part.needs.endswith("the per-problem outcomes would decide it.")


def test_a_pair_no_pairing_can_separate_says_how_many_problems_it_takes(
    judged: dict[str, JudgedClaim],
) -> None:
    part = judged["both-significantly-beat-similar"].parts[3]
    assert "above 0.050 whatever the pairing" in part.needs
    assert "shared problems would show it with 80% power" in part.needs


def test_the_winner_is_corrected_for_having_been_picked(judged: dict[str, JudgedClaim]) -> None:
    part = judged["llama33-lowest"].parts[0]
    assert part.method == "hybrid_selection_lead_independent"
    assert part.estimate is not None
    assert -0.0798 < part.estimate < 0


def test_means_over_different_programs_are_never_supported(judged: dict[str, JudgedClaim]) -> None:
    parts = judged["both-superior-weighted"].parts
    assert {part.verdict for part in parts} == {"unresolved", "contradicted"}
    assert all(part.test is None for part in parts)
    assert "would be fair to both (Welch's, of the means: p = " in parts[0].note


def test_one_family_counts_each_hypothesis_once(judged: dict[str, JudgedClaim]) -> None:
    # "significantly beat", "exceed each" and "all metrics" name the same six pairs.
    first, second = (
        judged[key].parts[0].test
        for key in ("both-significantly-beat-similar", "both-exceed-each-similar")
    )
    assert first == second


def test_a_unit_that_is_not_the_metrics_is_misstated(judged: dict[str, JudgedClaim]) -> None:
    part = judged["coder-median-runtime-on-par"].parts[0]
    assert part.note.startswith("The digits agree, the unit does not: it is runs per 1000 s.")


def with_counts(release: Release, model: str, **change: int) -> Release:
    """Change a model's overall count; its cells go, since they would no longer add up."""
    counts = tuple(
        replace(count, **change) if count in release.totals and count.model == model else count
        for count in release.counts
        if count in release.totals or count.model != model
    )
    return replace(release, counts=counts)


def test_a_changed_count_flips_the_right_verdicts(founding: Context) -> None:
    # Multimodal compiles 74 instead of 69: now it is ahead of Deepseek in compiling too.
    release = with_counts(founding.analysis.release, "h2loop-multimodal", compiled=74)
    found = {c.id: c.verdict for c in judge(analyse(release))}
    flipped = {key for key, verdict in found.items() if verdict != VERDICTS[key]}
    assert flipped == {
        "consistent-superiority",  # no longer the other way round: only unresolved
        "overall-table",  # its printed compile rate is no longer what the counts give
        "multimodal-proximity",
        "runtime-table",  # 69 summarised programs, 74 compiled
        "weighted-table",
        "multimodal-cells",  # the cells had to go
        "declines-with-difficulty",
    }
    assert found["consistent-superiority"] == "unresolved"
    assert found["overall-table"] == found["multimodal-proximity"] == "misstated"
    assert found["runtime-table"] == "contradicted"


def test_one_more_pass_flips_a_printed_figure(founding: Context) -> None:
    release = with_counts(founding.analysis.release, "deepseek-coder-v2-lite", passed=60)
    found = {c.id: c.verdict for c in judge(analyse(release))}
    assert found["deepseek-lags-coder"] == "contradicted"
    assert found["similar-average"] == "misstated"
    assert found["both-exceed-each-similar"] == "contradicted"
    assert found["categories"] == "supported"


# Small releases: two models on ten problems, claims written in the test.


def judged_part(release: Release, assertion: Assertion, **claim: str) -> JudgedClaim:
    own = Claim(line=1, id="c", section="1", text="T", assertions=(assertion,), **claim)  # type: ignore[arg-type]
    (found,) = judge(analyse(replace(release, claims=(own,))))
    return found


@pytest.fixture
def small(small_release: Callable[..., Path]) -> Release:
    return read_release(small_release())


def claimed(kind: str, **fields: object) -> Assertion:
    return Assertion(line=3, kind=kind, **fields)  # type: ignore[arg-type]


def versus(kind: str, **fields: object) -> Assertion:
    return claimed(kind, **{"metric": "passed", "models": ("b",), "against": ("a",), **fields})


def test_every_kind_has_a_rule() -> None:
    assert list(RULES) == list(KINDS)


def test_a_comparison_of_these_problems_alone_needs_no_test(small: Release) -> None:
    assert judged_part(small, versus("greater")).verdict == "unresolved"
    assert judged_part(small, versus("greater", scope="problems")).verdict == "supported"
    assert judged_part(small, versus("less")).verdict == "contradicted"


def test_a_large_difference_is_supported_whatever_the_pairing(small: Release) -> None:
    totals = (Count("a", 10, 1, 0), Count("b", 10, 10, 10))
    found = judged_part(replace(small, counts=totals), versus("greater"))
    assert found.verdict == "supported"
    test = found.deciding.test
    assert test is not None
    assert test.adjusted_high is not None
    assert max(test.adjusted or 1, test.adjusted_high) <= 0.05


@pytest.mark.parametrize(
    ("margin", "unit", "verdict"),
    [
        (None, None, "untestable"),
        (95.0, "points", "supported"),
        (20.0, "points", "unresolved"),
    ],
)
def test_equivalence_within_a_margin(
    small: Release, margin: float | None, unit: str | None, verdict: str
) -> None:
    found = judged_part(small, versus("equivalent", margin=margin, margin_unit=unit))
    assert found.verdict == verdict
    if margin is None:
        assert "points or more" in found.deciding.note


def test_a_difference_beyond_the_margin_is_contradicted(small: Release) -> None:
    totals = (Count("a", 10, 1, 0), Count("b", 10, 10, 10))
    found = judged_part(
        replace(small, counts=totals), versus("equivalent", margin=5.0, margin_unit="points")
    )
    assert found.verdict == "contradicted"


def test_shares(small: Release) -> None:
    assert judged_part(small, claimed("share", difficulty="hard", above=50)).verdict == "supported"
    assert judged_part(small, claimed("share", difficulty="hard", above=60)).verdict == (
        "contradicted"
    )
    assert judged_part(small, claimed("share", difficulty="hard", printed="61")).verdict == (
        "misstated"
    )


def test_what_the_release_lacks_is_untestable_and_says_what(small: Release) -> None:
    found = judged_part(small, versus("greater", category="Maths"))
    assert found.verdict == "untestable"
    assert found.deciding.note == "The release has no pass rate in Maths of Other."


def test_the_worst_part_decides_and_all_are_kept(small: Release) -> None:
    parts = (versus("less"), claimed("share", difficulty="hard", above=50))
    claim = Claim(line=1, id="c", section="1", text="T", assertions=parts)
    (found,) = judge(analyse(replace(small, claims=(claim,))))
    assert found.verdict == "contradicted"
    assert [part.verdict for part in found.parts] == ["contradicted", "supported"]


def test_a_claim_takes_over_the_verdicts_it_rests_on(small: Release) -> None:
    claims = (
        Claim(line=1, id="end", section="9", text="So it is.", rests_on=("start",)),
        Claim(line=2, id="start", section="1", text="B is behind.", assertions=(versus("less"),)),
    )
    end, start = judge(analyse(replace(small, claims=claims)))
    assert end.verdict == start.verdict == "contradicted"
    assert end.parts[0].text == "B is behind."


def test_a_family_without_correction_leaves_p_alone(small: Release) -> None:
    release = replace(small, families=(Family("f", "F", "none"),))
    found = judged_part(release, versus("greater"), family="f")
    test = found.deciding.test
    assert test is not None
    assert (test.adjusted, test.correction) == (test.p, "none")


def summary(**change: float) -> Summary:
    # 1000 / runtime of .5, .25 and .2 seconds: 2000, 4000, 5000.
    figures = {"mean": 3666.67, "median": 4000.0, "std": 1527.53, "min": 2000.0, "max": 5000.0}
    return Summary(model="a", metric="inverse_runtime", count=3, **{**figures, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "verdict"), [({}, "supported"), ({"median": 4001.0}, "misstated")]
)
def test_summaries_are_recomputed_where_runtimes_are_known(
    small: Release, change: dict[str, float], verdict: str
) -> None:
    release = replace(
        small,
        summaries=(summary(**change),),
        runtimes=tuple(Runtime("a", seconds, None) for seconds in (0.5, 0.25, 0.2)),
    )
    places = ("summaries", "runtimes")
    found = judged_part(release, claimed("consistent", places=places, metric="inverse_runtime"))
    assert found.verdict == verdict


@pytest.fixture
def linked(tmp_path: Path) -> Analysis:
    """Three models with outcomes: b passes 40 problems, a 22 of them, c one other."""
    folder = tmp_path / "v1"
    folder.mkdir()
    (folder / "release.toml").write_text(
        'version = "v1"\ntitle = "T"\nstatus = "published"\nbenchmark = "B"\nn_problems = 60\n'
        '[[metrics]]\nid = "passed"\ntitle = "Pass rate"\nunit = "%"\nkind = "binary"\n'
    )
    (folder / "models.toml").write_text(
        "".join(f'[[models]]\nid = "{m}"\nname = "{m.upper()}"\ngroup = "other"\n' for m in "abc")
    )
    passes = {"a": range(22), "b": range(40), "c": range(50, 51)}
    rows = [
        f"{model},p{i},0,{'true' if i in passed else 'false'}"
        for model, passed in passes.items()
        for i in range(60)
    ]
    (folder / "outcomes.csv").write_text("\n".join(["model,problem,sample,passed", *rows]) + "\n")
    (folder / "claims.toml").write_text(
        '[[families]]\nid = "all"\ntitle = "All"\ncorrection = "max_t"\n'
        '[[claims]]\nid = "b-leads"\nsection = "1"\ntext = "B leads."\nfamily = "all"\n'
        'assertions = [{ kind = "greater", metric = "passed", models = ["b"], '
        'against = ["all"] }]\n'
        '[[claims]]\nid = "b-first"\nsection = "1"\ntext = "B is first."\n'
        'assertions = [{ kind = "highest", metric = "passed", models = ["b"] }]\n'
        '[[claims]]\nid = "b-mean"\nsection = "1"\ntext = "B leads the mean."\n'
        'assertions = [{ kind = "difference", metric = "passed", models = ["b"], '
        'against = ["a", "c"], points = "47.5" }]\n'
    )
    return analyse(read_release(folder))


def test_with_outcomes_the_paired_test_decides(linked: Analysis) -> None:
    leads, first, mean = judge(linked)
    test = leads.parts[0].test
    assert test is not None
    assert not test.ranges
    assert test.correction == "max_t"
    assert test.p == pytest.approx(2 * 0.5**18 * 0.5)  # mid-p of 18 discordant, all one way
    assert {c.deciding.evidence for c in (leads, first, mean)} == {"outcomes"}
    assert [c.verdict for c in (leads, first, mean)] == ["supported"] * 3
    assert first.deciding.method == "hybrid_selection_lead_linked"


@pytest.fixture
def scored(tmp_path: Path) -> Callable[..., Analysis]:
    """Two models with scores of twelve problems in two categories; a test adds claims."""

    def make(*assertions: str) -> Analysis:
        folder = tmp_path / "v1"
        folder.mkdir()
        (folder / "release.toml").write_text(
            'version = "v1"\ntitle = "T"\nstatus = "published"\nbenchmark = "B"\n'
            'n_problems = 12\ncategories = ["X", "Y"]\ndifficulties = ["easy", "hard"]\n'
            '[[metrics]]\nid = "score"\ntitle = "Score"\nunit = "%"\nkind = "fraction"\n'
        )
        (folder / "models.toml").write_text(
            "".join(
                f'[[models]]\nid = "{m}"\nname = "{m.upper()}"\ngroup = "other"\n'
                "[models.parameters]\ntotal = 7\n"
                for m in "ab"
            )
        )
        (folder / "problems.csv").write_text(
            "problem,category,difficulty\n"
            + "".join(f"p{i},{'XY'[i % 2]},{'easy' if i < 6 else 'hard'}\n" for i in range(12))
        )
        rows = [
            f"{model},p{i},0,{(0.9 if model == 'b' else 0.2) - 0.01 * i:.2f}"
            for model in "ab"
            for i in range(12)
        ]
        (folder / "outcomes.csv").write_text(
            "\n".join(["model,problem,sample,score", *rows]) + "\n"
        )
        (folder / "claims.toml").write_text(
            "".join(
                f'[[claims]]\nid = "c{i}"\nsection = "1"\ntext = "T"\nassertions = [{assertion}]\n'
                for i, assertion in enumerate(assertions)
            )
        )
        return analyse(read_release(folder))

    return make


SCORED = {
    '{ kind = "greater", metric = "score", models = ["b"], against = ["a"] }': "supported",
    '{ kind = "less", metric = "score", models = ["b"], against = ["a"] }': "contradicted",
    # Six problems all one way: p = 2 / 64, the largest of its family and so not raised by Holm.
    '{ kind = "greater", metric = "score", models = ["b"], against = ["a"], category = "X" }': (
        "supported"
    ),
    '{ kind = "highest", metric = "score", models = ["b"] }': "supported",
    '{ kind = "lowest", metric = "score", models = ["b"], over = "categories", category = "Y" }': (
        "untestable"  # shares of problems in different parts: no counts to test
    ),
    '{ kind = "difference", metric = "score", models = ["b"], against = ["a"], points = "70" }': (
        "supported"
    ),
    '{ kind = "ratio", metric = "score", models = ["a"], against = ["b"], printed = "17", '
    'unit = "%" }': "supported",
    '{ kind = "equivalent", metric = "score", models = ["b"], against = ["a"], margin = 5, '
    'margin_unit = "points" }': "contradicted",
    '{ kind = "highest", metric = "efficiency", models = ["b"] }': "supported",
    '{ kind = "order", metric = "score", rows = ["b", "a"] }': "supported",
    '{ kind = "trend", metric = "score", models = ["b"], direction = "falls" }': "untestable",
}


def test_shares_of_problems_are_compared_problem_by_problem(
    scored: Callable[..., Analysis],
) -> None:
    analysis = scored(*SCORED)
    found = judge(analysis)
    assert [claim.verdict for claim in found] == list(SCORED.values())
    assert found[0].deciding.evidence == "outcomes"
    assert "score" in found[0].deciding.text
    assert {len(row) for row in sensitivity(analysis).values()} == {6}
