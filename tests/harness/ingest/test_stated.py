from pathlib import Path

import polars as pl
import pytest

from harness.errors import ResultFileError
from harness.formats import own, registry
from harness.formats.reading import ClaimedRate, Format, Reading, SetAside, no_problems, no_rows
from harness.formats.records import count_table, row_table

ROWS = [
    {"model": "A", "problem": p, "sample": s, "passed": p == "p1"}
    for p, n in (("p1", 5), ("p2", 3))
    for s in range(n)
]


@pytest.fixture
def harness(monkeypatch):
    """Make a format of a reading, detected by its one line."""

    def install(**parts) -> None:
        def read(path: Path) -> Reading:
            given = {"rows": row_table(ROWS), "problems": no_problems(), "model_names": {}, **parts}
            return Reading(format="made-up", path=path, **given)

        made = Format("made-up", "Made up", lambda _, head: head == b"made up", read, "nobody")
        monkeypatch.setattr(registry, "FORMATS", (made, *own.FORMATS))

    return install


def test_a_stated_rate_is_held_against_the_rows(harness, take) -> None:
    harness(
        claimed=(
            ClaimedRate("pass@1", 0.625, k=1),
            ClaimedRate("pass@1", 0.63, k=1, margin=0.005),
            ClaimedRate("pass@1", 0.9, k=1),
            ClaimedRate("pass@5", 0.7, k=5),
        )
    )
    verdicts = [(rate.verdict, rate.reason) for rate in take("made up").stated]
    assert [verdict for verdict, _ in verdicts] == ["agrees", "agrees", "differs", "refused"]
    assert verdicts[3][1] == (
        'pass@5 needs 5 samples of each problem; 1 problems have fewer, "p2" among them, '
        "the fewest 3 samples"
    )


def test_what_a_reader_set_aside_is_counted_for_its_model(harness, take) -> None:
    harness(set_aside=(SetAside("duplicate rows", 2, "One of each was kept.", model="A"),))
    done = take("made up")
    assert done.models[0].duplicated == 2
    assert done.sources[0]["set_aside"][0]["rule"] == "One of each was kept."


def test_rates_alone_are_refused_with_what_they_lack(harness, take, untouched) -> None:
    stated = (ClaimedRate("acc", 0.5),)
    harness(rows=no_rows(), claimed=stated, lacks="The file states rates of whole tasks.")
    before = untouched()
    with pytest.raises(ResultFileError, match=r"rates alone.*\n.*rates of whole tasks"):
        take("made up")
    assert untouched() == before


def test_stated_counts_become_counts(harness, take, release) -> None:
    record = {"model": "A", "problems": 10, "compiled": 9, "passed": 7}
    harness(rows=no_rows(), counts=count_table([record]))
    text = (release / "release.toml").read_text(encoding="utf-8")
    (release / "release.toml").write_text(text.replace("# n_problems = N", "n_problems = 10"))
    done = take("made up")
    assert done.written == ("counts.csv", "ingest.json")
    assert pl.read_csv(release / "counts.csv").row(0) == ("a", None, None, 10, 9, 7)
    take("made up")


def test_another_text_under_the_same_id_is_seen(harness, take) -> None:
    def facts(digest: str) -> pl.DataFrame:
        schema = dict.fromkeys(no_problems().columns, pl.String())
        return pl.DataFrame([{"problem": "p1", "content_hash": digest * 64}], schema=schema)

    harness(problems=facts("a"))
    take("made up")
    harness(problems=facts("b"))
    with pytest.raises(ResultFileError, match=r'another text of the problem "p1"'):
        take("made up")
    take("made up", replace=True)
