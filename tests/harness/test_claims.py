"""claims.toml: what it may say, and one sentence for each mistake."""

import csv
from pathlib import Path

import pytest

from harness.claim import Assertion, Claim, Family
from harness.reader import read_release

GAP = (
    '{ kind = "difference", metric = "passed", models = ["ours"], against = ["small"], '
    'points = "+37" }'
)


def claim(assertion: str, *, name: str = "gap", more: str = "") -> str:
    return (
        f'[[claims]]\nid = "{name}"\nsection = "1"\ntext = "Ours leads."\n{more}'
        f"assertions = [\n  {assertion},\n]\n"
    )


def test_a_claim_as_read(folder):
    folder.write(
        "claims.toml",
        '[[families]]\nid = "main"\ntitle = "All"\n\n'
        + claim(GAP, more='family = "main"\nacknowledged = "As printed."\n'),
    )
    release = folder.read()
    assert release.families == (Family("main", "All", "holm"),)
    assert release.claims == (
        Claim(
            line=5,
            id="gap",
            section="1",
            text="Ours leads.",
            family="main",
            acknowledged="As printed.",
            assertions=(
                Assertion(
                    line=12,
                    kind="difference",
                    metric="passed",
                    models=("ours",),
                    against=("small",),
                    points="+37",
                ),
            ),
        ),
    )


def test_a_release_without_claims_is_fine(folder):
    folder.remove("claims.toml")
    assert folder.read().claims == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('models = ["ours"]', 'models = ["our"]', 'claims.assertions.models: "our" is unknown'),
        ('against = ["small"]', 'against = ["similr"]', '"similr" is unknown'),
        ('metric = "passed"', 'metric = "pased"', 'claims.assertions.metric: "pased" is unknown'),
        ('kind = "difference"', 'kind = "diference"', 'claims.assertions.kind: "diference"'),
        ('points = "+37"', 'points = "about 37"', 'claims.assertions.points: "about 37"'),
        ('points = "+37"', "points = 37", "claims.assertions.points: 37"),
        ('points = "+37"', 'relative = "37 %"', 'claims.assertions.relative: "37 %"'),
        (', points = "+37"', "", "none of points, relative"),
        ('points = "+37"', 'points = "+37", margin = 5', "claims.assertions.margin: 5; expected"),
        (', against = ["small"]', "", "claims.assertions.against: it is missing"),
    ],
)
def test_one_error_with_its_line_for_each_mistake(folder, old, new, told):
    text = claim(GAP)
    assert text.count(old) == 1
    folder.write("claims.toml", text.replace(old, new))
    error = folder.error()
    assert error.startswith("r1/claims.toml:6: ")
    assert told in error


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ('"ours"', '"our"', '"ours"'),
        ('"small"', '"similr"', '"similar"'),
        ('"passed"', '"pased"', '"passed"'),
        ('"difference"', '"diference"', '"difference"'),
    ],
)
def test_the_nearest_known_name_is_offered(folder, old, new, meant):
    folder.write("claims.toml", claim(GAP).replace(old, new))
    assert f"Did you mean {meant}?" in folder.error()


def test_a_margin_needs_its_unit(folder):
    text = GAP.replace('points = "+37"', "margin = 5").replace("difference", "equivalent")
    folder.write("claims.toml", claim(text))
    error = folder.error()
    assert "claims.toml:6: claims.assertions.margin_unit: it is missing beside margin" in error
    folder.write("claims.toml", claim(text.replace("margin = 5", 'margin_unit = "points"')))
    assert "margin: it is missing beside margin_unit" in folder.error()


def test_an_unknown_claim_names_the_nearest(folder):
    folder.write("claims.toml", claim(GAP) + claim(GAP, name="end", more='rests_on = ["gapp"]\n'))
    error = folder.error()
    assert 'claims.toml:12: claims.rests_on: "gapp" is unknown' in error
    assert 'Did you mean "gap"?' in error


def test_an_unknown_family_names_the_nearest(folder):
    text = '[[families]]\nid = "main"\ntitle = "All"\n' + claim(GAP, more='family = "mian"\n')
    folder.write("claims.toml", text)
    error = folder.error()
    assert 'claims.toml:8: claims.family: "mian" is unknown' in error
    assert 'Did you mean "main"?' in error


def test_a_circle_is_told_once_with_its_way(folder):
    links = {"a": "b", "b": "c", "c": "a"}
    folder.write(
        "claims.toml",
        "".join(
            f'[[claims]]\nid = "{one}"\nsection = "1"\ntext = "T"\nrests_on = ["{other}"]\n'
            for one, other in links.items()
        ),
    )
    error = folder.error()
    assert "claims.toml:5: claims.rests_on: a circle: a → b → c → a" in error


def test_a_claim_that_rests_on_itself_is_a_circle(folder):
    folder.write("claims.toml", claim(GAP, more='rests_on = ["gap"]\n'))
    assert "a circle: gap → gap" in folder.error()


def test_a_claim_needs_a_part(folder):
    folder.write("claims.toml", '[[claims]]\nid = "a"\nsection = "1"\ntext = "T"\n')
    assert "neither assertions nor rests_on" in folder.error()


def test_ids_are_unique(folder):
    folder.write("claims.toml", claim(GAP) + claim(GAP))
    assert 'claims.toml:9: claims.id: "gap" stands on line 2 already' in folder.error()


def test_places_must_be_printed_somewhere(folder):
    folder.write("claims.toml", claim('{ kind = "value", tables = ["7"] }'))
    assert 'claims.assertions.tables: "7" is unknown' in folder.error()


def test_a_figure_has_its_own_units(folder):
    text = '{ kind = "value", figure = "rank", models = ["ours"], printed = "1", unit = "%" }'
    folder.write("claims.toml", claim(text))
    assert 'claims.assertions.unit: "%"; expected rank' in folder.error()


@pytest.mark.parametrize(
    ("assertion", "told"),
    [
        (
            '{ kind = "less", metric = "inverse_runtime", models = ["ours"], against = ["small"] }',
            "claims.assertions.statistic: it is missing; expected which figure of inverse_runtime",
        ),
        (
            (
                '{ kind = "less", metric = "passed", statistic = "mean", models = ["ours"], '
                'against = ["small"] }'
            ),
            'claims.assertions.statistic: "mean"; expected nothing',
        ),
        (
            (
                '{ kind = "difference", metric = "inverse_runtime", models = ["ours"], '
                'against = ["small"], points = "1" }'
            ),
            'claims.assertions.metric: "inverse_runtime"; expected a rate',
        ),
        (
            '{ kind = "value", figure = "pass_rate", printed = "60", unit = "%" }',
            "claims.assertions.models: 0 models; expected one model",
        ),
        (
            (
                '{ kind = "value", figure = "gap_points", models = ["ours"], against = ["small"], '
                'printed = "60", unit = "points" }'
            ),
            (
                'claims.assertions.against: "small"; expected what gap_points is computed against: '
                "similar"
            ),
        ),
        (
            (
                '{ kind = "value", figure = "gap_points", models = ["ours"], printed = "60", '
                'unit = "points" }'
            ),
            "claims.assertions.against: 0 names; expected one name: gap_points needs one",
        ),
    ],
)
def test_a_figure_names_what_it_needs(folder, assertion, told):
    folder.write("claims.toml", claim(assertion))
    error = folder.error()
    assert error.startswith("r1/claims.toml:6: ")
    assert told in error


def test_the_founding_claims_have_the_ids_of_the_report():
    root = Path(__file__).resolve().parents[2]
    listing = root.parent / "shared" / "paper" / "claims.csv"
    if not listing.is_file():
        pytest.skip("the founding report is not beside this checkout")
    with listing.open(encoding="utf-8") as file:
        wanted = {row["id"] for row in csv.DictReader(file)}
    assert {c.id for c in read_release(root / "results" / "v0.1").claims} == wanted
