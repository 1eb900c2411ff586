"""Timeouts count as runs that took at least until they were stopped."""

import pytest
from small import write_outcome_release

from harness.reader import read_release
from report.analysis import analyse
from report.exhibits.censored import timeouts_table
from report.exhibits.common import Context

HEAD = "model,problem,passed,runtime_s,outcome\n"
ROWS = (
    HEAD
    + """\
a,p0,true,1,
a,p1,true,2,
a,p2,false,10,timeout
b,p0,true,4,
b,p1,false,10,Timed out
b,p2,false,10,timeout
b,p3,false,0.1,wrong answer
"""
)


def context_of(tmp_path, rows: str) -> Context:
    return Context(analyse(read_release(write_outcome_release(tmp_path, rows, n_problems=4))))


def test_medians_by_hand(tmp_path) -> None:
    found = context_of(tmp_path, ROWS).analysis.censored
    assert found is not None
    a, b = found.models
    assert (a.finished, a.stopped, b.finished, b.stopped) == (2, 1, 1, 2)
    # Of a's three runs two are done after two seconds; of b's three one is, by the end.
    assert a.median.value == 2
    assert b.median.value is None
    assert found.limit is None
    assert found.test is not None


def test_a_limit_nobody_states_is_the_slowest_finished_run(tmp_path) -> None:
    rows = ROWS.replace("false,10,", "false,,")
    context = context_of(tmp_path, rows)
    assert context.analysis.censored is not None
    assert context.analysis.censored.limit == 4
    assert "4" in timeouts_table(context).caption
    assert timeouts_table(context).rows[1]["median"].text == "–"


def test_without_timeouts_there_is_no_such_table(tmp_path) -> None:
    context = context_of(tmp_path, HEAD + "a,p0,true,1,\nb,p0,false,,wrong answer\n")
    assert context.analysis.censored is None
    with pytest.raises(KeyError, match="no timeouts"):
        timeouts_table(context)
