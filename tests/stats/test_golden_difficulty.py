"""Difficulty, item response, samples, runtimes and printed figures against the golden cases."""

import pytest
from golden import difficulty, loader

CASES = [
    pytest.param(method, document, case, id=case["id"])
    for method in difficulty.METHODS
    if (loader.REFERENCE / f"{method}.json").exists()
    for document, case in loader.cases(method)
]


@pytest.mark.skipif(not CASES, reason="the reference folder is not there")
@pytest.mark.parametrize(("method", "document", "case"), CASES)
def test_agrees_with_other_software(method, document, case):
    got = difficulty.METHODS[method](**case["inputs"])
    assert loader.mismatches(document, got, case["expected"]) == []
