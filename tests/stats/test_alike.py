import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stats.alike import alike_rows

tables = arrays(np.bool_, st.tuples(st.integers(1, 20), st.sampled_from([0, 1, 3, 8, 9, 17])))


@settings(derandomize=True, deadline=None, max_examples=80)
@given(tables)
def test_rows_of_a_kind_are_equal_and_kinds_differ(table) -> None:
    first, kind = alike_rows(table)
    np.testing.assert_array_equal(table[first][kind], table)
    assert len({row.tobytes() for row in table}) == first.size
