"""release.toml and models.toml: each mistake, and the sentence a person reads about it."""

import pytest

ID = "an id of letters, digits, dots, hyphens and underscores, at most 64"
NAME = "text of 1 to 200 characters"

RELEASE = {
    "unclosed text": (
        'title = "A small report"',
        'title = "A small report',
        (
            "r1/release.toml:2: not TOML, column 24 (illegal character '\\n'); expected TOML\n"
            '  A line holds one key: text = "in quotes", number = 12. See https://toml.io.'
        ),
    ),
    "key twice": (
        'title = "A small report"',
        'title = "A"\ntitle = "B"',
        "r1/release.toml:3: not TOML, column 12 (cannot overwrite a value); expected TOML",
    ),
    "misspelt key": (
        'title = "A small report"',
        'titel = "A small report"',
        (
            "r1/release.toml:2: titel: an unknown key; expected a key that this version knows\n"
            '  Did you mean "title"? Known: version, title, '
        ),
    ),
    "missing key": (
        'benchmark = "Ten problems"\n',
        "",
        f"r1/release.toml: benchmark: it is missing; expected {NAME}",
    ),
    "other version": (
        'version = "r1"',
        'version = "r2"',
        (
            'r1/release.toml:1: version: "r2"; expected the name of the folder, "r1"\n'
            "  Rename one of the two."
        ),
    ),
    "own predecessor": (
        'status = "published"',
        'status = "published"\nprevious = "r1"',
        (
            'r1/release.toml:5: previous: "r1", the release itself; expected an earlier release\n'
            "  Leave it out if there is none."
        ),
    ),
    "bad status": (
        '"published"',
        '"publishd"',
        (
            'r1/release.toml:4: status: "publishd"; expected draft or published\n'
            '  Did you mean "published"?'
        ),
    ),
    "no such day": (
        "2025-08-31",
        '"2025-02-30"',
        (
            'r1/release.toml:3: date: "2025-02-30", a day that does not exist; '
            "expected a date such as 2025-08-31"
        ),
    ),
    "no such day, unquoted": (
        "2025-08-31",
        "2025-02-30",
        "r1/release.toml:3: not TOML, column 8 (invalid date or datetime); expected TOML",
    ),
    "date in words": (
        "2025-08-31",
        '"August 2025"',
        'r1/release.toml:3: date: "August 2025"; expected a date such as 2025-08-31',
    ),
    "empty date": (
        "2025-08-31",
        '""',
        'r1/release.toml:3: date: ""; expected a date such as 2025-08-31',
    ),
    "date and time": (
        "2025-08-31",
        "2025-08-31T12:00:00",
        'r1/release.toml:3: date: "2025-08-31T12:00:00"; expected a date such as 2025-08-31',
    ),
    "number as text": (
        "n_problems = 10",
        'n_problems = "1,000"',
        'r1/release.toml:8: n_problems: "1,000"; expected a whole number, 1 or more\n  Write 1000.',
    ),
    "number with a point": (
        "n_problems = 10",
        "n_problems = 10.0",
        "r1/release.toml:8: n_problems: 10.0; expected a whole number, 1 or more\n  Write 10.",
    ),
    "yes in place of a number": (
        "n_problems = 10",
        "n_problems = true",
        "r1/release.toml:8: n_problems: true; expected a whole number, 1 or more",
    ),
    "number without end": (
        "n_problems = 10",
        f"n_problems = 0x{'f' * 5000}",
        (
            'r1/release.toml:8: n_problems: "an integer of 20000 bits"; '
            "expected a whole number, 1 or more"
        ),
    ),
    "brackets without end": (
        'notes = ["Made for a test."]',
        f"notes = {'[' * 5000}{']' * 5000}",
        "r1/release.toml:46: not TOML (brackets nested too deeply); expected TOML",
    ),
    "category twice": (
        '["Sorting", "Graphs"]',
        '[\n  "Sorting",\n  "Graphs",\n  "sorting ",\n]',
        (
            'r1/release.toml:12: categories: "sorting " stands on line 10 already; '
            "expected categories that differ in more than case and spaces"
        ),
    ),
    "mix of unknown difficulty": (
        "hard = 0.5",
        "hrad = 0.5",
        (
            'r1/release.toml:15: reference_mix.hrad: "hrad" is no difficulty of this release; '
            'expected its difficulties\n  Did you mean "hard"? Known: easy, hard.'
        ),
    ),
    "mix without a difficulty": (
        "easy = 0.5\nhard = 0.5",
        "easy = 1",
        (
            "r1/release.toml:13: reference_mix: no weight for hard; "
            "expected a weight for every difficulty\n"
            "  Without reference_mix the benchmark's own mix is used."
        ),
    ),
    "mix that does not sum to 1": (
        "easy = 0.5",
        "easy = 0.6",
        (
            "r1/release.toml:13: reference_mix: weights that sum to 1.1; "
            "expected weights that sum to 1"
        ),
    ),
    "negative weight": (
        "easy = 0.5",
        "easy = -0.5",
        "r1/release.toml:14: reference_mix.easy: -0.5; expected a number above 0 and at most 1",
    ),
    "weight that is no number": (
        "easy = 0.5",
        "easy = nan",
        (
            "r1/release.toml:14: reference_mix.easy: NaN; expected a number above 0 and at most 1\n"
            "  A number that is not known is left out."
        ),
    ),
    "metric twice": (
        'id = "inverse_runtime"',
        'id = "compiled"',
        (
            'r1/release.toml:31: metrics.id: "compiled" stands on line 18 already; '
            "expected metrics that differ in more than case and spaces"
        ),
    ),
    "metric of another kind": (
        'unit = "runs per 1000 s"\nkind = "continuous"',
        'unit = "runs per 1000 s"\nkind = "contnuous"',
        (
            'r1/release.toml:34: metrics.kind: "contnuous"; '
            "expected binary, continuous or fraction\n"
            '  Did you mean "continuous"?'
        ),
    ),
    "comparison with an unknown model": (
        '["small", "other"]',
        '[\n  "small",\n  "othr",\n]',
        (
            'r1/release.toml:44: comparisons.against: "othr" is not a model of this release; '
            "expected the id of a model in models.toml\n"
            '  Did you mean "other"? Known: ours, small, other.'
        ),
    ),
    "comparison with itself": (
        '["small", "other"]',
        '["small", "ours"]',
        (
            "r1/release.toml:42: comparisons.against: ours on both sides; "
            "expected models that are not compared with themselves"
        ),
    ),
    "comparison with nobody": (
        '["small", "other"]',
        "[]",
        (
            "r1/release.toml:42: comparisons.against: an empty list; "
            "expected a list of different model ids, at least one"
        ),
    ),
    "address of a script": (
        '"https://example.org/report"',
        '"javascript:alert(1)"',
        (
            'r1/release.toml:46: sources.url: "javascript:alert(1)"; '
            "expected an address that begins with https:// or http://"
        ),
    ),
}

MODELS = {
    "id with a control character": (
        'id = "small"',
        'id = "sm\\u0007all"',
        f'r1/models.toml:13: models.id: "sm\\u0007all"; expected {ID}',
    ),
    "id with a line end": (
        'id = "small"',
        'id = "small\\n"',
        f'r1/models.toml:13: models.id: "small\\u000a"; expected {ID}',
    ),
    "id twice": (
        'id = "other"',
        'id = "Small"',
        (
            'r1/models.toml:18: models.id: "Small" stands on line 13 already; '
            "expected models that differ in more than case and spaces"
        ),
    ),
    "name twice but for case": (
        'name = "Other"',
        'name = "SMALL 3b"',
        (
            'r1/models.toml:19: models.name: "SMALL 3b" stands on line 14 already; '
            "expected models that differ in more than case and spaces"
        ),
    ),
    "name of another model's alias": (
        'name = "Other"',
        'name = "ours"',
        (
            'r1/models.toml:5: models.aliases: "Ours" stands on line 19 already; '
            "expected models that differ in more than case and spaces"
        ),
    ),
    "no name": (
        'name = "Other"\n',
        "",
        f"r1/models.toml:17: models.name: it is missing; expected {NAME}",
    ),
    "empty name": (
        'name = "Other"',
        'name = " "',
        f'r1/models.toml:19: models.name: " "; expected {NAME}',
    ),
    "name too long": (
        'name = "Other"',
        f'name = "{"x" * 201}"',
        f'r1/models.toml:19: models.name: "{"x" * 79}…"; expected {NAME}',
    ),
    "unknown group": (
        'group = "focus"',
        'group = "ours"',
        'r1/models.toml:4: models.group: "ours"; expected focus, similar, large or other',
    ),
    "focus that is none": (
        'group = "focus"',
        'group = "focus"\nfocus = false',
        (
            'r1/models.toml:5: models.focus: false, in a model of the group "focus"; '
            "expected true\n"
            "  Leave it out: the models of this group are focus models."
        ),
    ),
    "more active than there are": (
        "active = 2.5",
        "active = 25",
        "r1/models.toml:8: models.parameters.active: 25; expected at most the total, 7",
    ),
    "guess of nothing": (
        "total = 7\nactive = 2.5",
        "speculative = true",
        (
            "r1/models.toml:7: models.parameters.speculative: true, without a size; "
            "expected a total that is speculative"
        ),
    ),
    "size as text": (
        "total = 7",
        'total = "7B"',
        'r1/models.toml:7: models.parameters.total: "7B"; expected a number above 0, in billions',
    ),
    "support that is unknown": (
        'SFT = "full"',
        'SFT = "yes"',
        'r1/models.toml:10: models.post_training.SFT: "yes"; expected full, partial or none',
    ),
}


def spoil(folder, name, case):
    old, new, expected = case
    folder.replace(name, old, new)
    return [e for e in folder.errors() if e.startswith(f"r1/{name}")], expected


@pytest.mark.parametrize("case", RELEASE.values(), ids=RELEASE)
def test_mistake_in_release_toml(folder, case):
    errors, expected = spoil(folder, "release.toml", case)
    assert len(errors) == 1
    assert errors[0].startswith(expected)


@pytest.mark.parametrize("case", MODELS.values(), ids=MODELS)
def test_mistake_in_models_toml(folder, case):
    errors, expected = spoil(folder, "models.toml", case)
    assert len(errors) == 1
    assert errors[0].startswith(expected)


@pytest.mark.parametrize("name", ["../r1", "a b", ".r1", "r1\n", "", "x" * 65, "latest", "Assets"])
def test_a_version_that_is_no_safe_part_of_an_address(folder, name):
    version = name.replace("\n", "\\n")
    folder.replace("release.toml", 'version = "r1"', f'version = "{version}"')
    assert all(error.startswith("r1/release.toml:1: version: ") for error in folder.errors())


def test_a_version_the_site_uses_itself(make_folder):
    assert "a name that the site does not use itself" in make_folder("draft").error()
    assert make_folder("latest").error() == (
        'latest/release.toml:1: version: "latest"; '
        "expected a name that the site does not use itself\n"
        "  Names in use: 404.html, assets, draft, feed.xml, index.html, latest, redirect.js, "
        "search, versions.html, versions.js, versions.json."
    )


def test_counts_need_to_say_what_passing_means(folder):
    folder.replace("release.toml", 'id = "passed"', 'id = "solved"')
    assert folder.error() == (
        'r1/release.toml:17: metrics: no binary metric "passed"; '
        'expected a [[metrics]] table with id = "passed" and kind = "binary"\n'
        "  counts.csv counts what passed, so the release has to say what that means."
    )


def test_a_comparison_named_like_a_model(folder):
    folder.replace("release.toml", 'id = "similar"', 'id = "best"')
    folder.replace("printed.csv", "ours,similar,", "ours,best,")
    assert (
        'r1/release.toml:38: comparisons.id: "best" also names something else; '
        'expected an id that no model has, and not "best"\n'
        "  printed.csv could not tell the two apart."
    ) in folder.errors()


def test_a_comparison_with_a_model_without_results(folder):
    folder.replace("counts.csv", "small,,,9,5,2\n", "")
    assert folder.error() == (
        'r1/release.toml:42: comparisons.against: "small" has no row in counts.csv; '
        "expected models with results\n"
        "  Add its row, or take it out of the comparison."
    )


def test_a_model_without_results_is_no_mistake(folder):
    folder.append("models.toml", '[[models]]\nid = "new"\nname = "New"\ngroup = "other"')
    assert folder.read().models[-1].name == "New"


def test_quoted_dates_and_bare_dates_are_one(folder):
    bare = folder.read()
    folder.replace("release.toml", "2025-08-31", '"2025-08-31"')
    assert folder.read() == bare


STRUCTURES = {
    "categories of other things": (
        "release.toml",
        'categories = ["Sorting", "Graphs"]',
        'categories = ["Sorting", ["Graphs"]]',
        f"r1/release.toml:9: categories: a list; expected {NAME}",
    ),
    "one category": (
        "release.toml",
        'categories = ["Sorting", "Graphs"]',
        'categories = "Sorting"',
        'r1/release.toml:9: categories: "Sorting"; expected a list of names',
    ),
    "one comparison": (
        "release.toml",
        "[[comparisons]]",
        "[comparisons]",
        "r1/release.toml:37: comparisons: a table; expected a list of [[comparisons]] tables",
    ),
    "mix without names": (
        "release.toml",
        "[reference_mix]\neasy = 0.5\nhard = 0.5",
        "reference_mix = [0.5, 0.5]",
        ("r1/release.toml:13: reference_mix: a list; expected a table of difficulties and weights"),
    ),
    "metric without an id": (
        "release.toml",
        'id = "inverse_runtime"\n',
        "",
        f"r1/release.toml:30: metrics.id: it is missing; expected {ID}",
    ),
    "alias that is no text": (
        "models.toml",
        'aliases = ["Ours"]',
        "aliases = [1]",
        f"r1/models.toml:5: models.aliases: 1; expected {NAME}",
    ),
    "size without its parts": (
        "models.toml",
        "[models.parameters]\ntotal = 7\nactive = 2.5",
        "parameters = 7",
        "r1/models.toml:6: models.parameters: 7; expected a table",
    ),
    "model without an id": (
        "models.toml",
        'id = "other"\n',
        "",
        f"r1/models.toml:17: models.id: it is missing; expected {ID}",
    ),
}


@pytest.mark.parametrize("case", STRUCTURES.values(), ids=STRUCTURES)
def test_a_wrong_structure_is_one_error_however_much_depends_on_it(folder, case):
    name, old, new, expected = case
    folder.replace(name, old, new)
    assert folder.error() == expected


@pytest.mark.parametrize("text", ["models = 5", "models = [5]", "models = []"])
def test_no_models(folder, text):
    folder.write("models.toml", text)
    assert folder.error().startswith("r1/models.toml:1: models: ")
