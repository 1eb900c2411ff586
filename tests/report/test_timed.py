"""Runtimes by problem: which are taken, what pairs share, worked by hand."""

import numpy as np
import pytest
from small import write_outcome_release

from harness.reader import read_release
from report.analysis import analyse

ROWS = """\
model,problem,sample,passed,runtime_s
a,p0,0,true,1
a,p0,1,true,3
a,p0,2,false,100
a,p1,0,true,2
a,p2,0,false,5
b,p0,0,true,4
b,p1,0,true,2
b,p2,0,true,8
c,p0,0,false,
"""


def test_only_programs_that_passed_are_compared(tmp_path):
    found = analyse(read_release(write_outcome_release(tmp_path, ROWS, n_problems=3))).timed
    assert found is not None
    assert found.models == ("a", "b")
    # a's two samples that passed p0 took 1 and 3 seconds: median 2.
    np.testing.assert_array_equal(found.times, [[2, 4], [2, 2], [np.inf, 8]])
    assert found.ratios.ratio[0] == pytest.approx(np.sqrt(1 / 2))
    assert found.selection.common.tolist() == [[2, 2], [2, 3]]
    assert (found.selection.by_all, found.selection.by_none) == (2, 0)


def test_without_runtimes_there_is_nothing_to_compare(tmp_path):
    rows = "model,problem,passed\na,p0,true\nb,p0,false\n"
    assert analyse(read_release(write_outcome_release(tmp_path, rows))).timed is None


def test_every_runtime_is_shown_whether_it_passed_or_not(tmp_path):
    release = read_release(write_outcome_release(tmp_path, ROWS, n_problems=3))
    assert len(release.runtimes) == 8
    assert [r.passed for r in release.runtimes if r.runtime_s == 100] == [False]
