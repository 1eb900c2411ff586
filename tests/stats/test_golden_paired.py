"""Every reference case of the paired and many-model methods, at its tolerance."""

import pytest
from golden.loader import cases, methods, mismatches
from golden.paired import METHODS

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
