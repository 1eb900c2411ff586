import pytest
from golden import loader, proportion

CASES = [
    pytest.param(method, document, case, id=case["id"])
    for method in proportion.METHODS
    if (loader.REFERENCE / f"{method}.json").exists()
    for document, case in loader.cases(method)
]


@pytest.mark.skipif(not CASES, reason="the reference folder is not there")
@pytest.mark.parametrize(("method", "document", "case"), CASES)
def test_agrees_with_other_software(method, document, case) -> None:
    got = proportion.METHODS[method](**case["inputs"])
    assert loader.mismatches(document, got, case["expected"]) == []
