"""Strips of outcomes: every cell drawn once, in its place and shade."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from report.strips import strip

SHADES = {0.0: "bp-s0", 0.1: "bp-s1", 0.5: "bp-s2", 0.75: "bp-s3", 1.0: "bp-s4"}


@given(st.lists(st.sampled_from([*SHADES, np.nan]), min_size=1, max_size=60))
def test_every_value_has_its_cell(values):
    html = str(strip(np.array(values)))
    width = int(re.search(r'data-cell="(\d+)"', html)[1])
    drawn = {}
    for name, path in re.findall(r'<path class="([^"]+)" d="([^"]+)"', html):
        for x in re.findall(r"M(\d+) 0", path):
            drawn[int(x) // width] = name
    if width > 2:
        expected = [SHADES.get(v, "bp-sn") for v in values]
        assert [drawn[i] for i in range(len(values))] == expected
    assert f'width="{width * len(values)}"' in html


def test_narrow_cells_are_joined():
    html = str(strip(np.ones(200)))
    assert html.count("M") == 1
    assert 'width="400"' in html
