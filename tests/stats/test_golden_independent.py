"""Every reference case of the two-rate and power methods, at its tolerance."""

import pytest
from golden.independent import METHODS
from golden.loader import cases, methods, mismatches

HERE = sorted(set(METHODS) & set(methods()))


@pytest.mark.skipif(not HERE, reason="the shared reference folder is not beside the repository")
@pytest.mark.parametrize("method", HERE)
def test_reference_cases(method: str) -> None:
    wrong = {
        case["id"]: found
        for document, case in cases(method)
        if (found := mismatches(document, METHODS[method](**case["inputs"]), case["expected"]))
    }
    assert not wrong
