"""Every case of every reference file, at its tolerance."""

import subprocess
import sys
from pathlib import Path

import pytest
from golden.loader import cases, methods, mismatches
from reference_methods import METHODS, merged

MISSING = "the shared reference folder is not beside the repository"
CASES = [
    pytest.param(method, document, case, id=case["id"])
    for method in methods()
    for document, case in cases(method)
]


@pytest.mark.skipif(not CASES, reason=MISSING)
@pytest.mark.parametrize(("method", "document", "case"), CASES)
def test_agrees_with_other_software(method, document, case) -> None:
    got = METHODS[method](**case["inputs"])
    assert mismatches(document, got, case["expected"]) == []


@pytest.mark.skipif(not CASES, reason=MISSING)
def test_every_reference_file_has_its_method_and_every_method_its_file() -> None:
    assert set(METHODS) == set(methods())


def test_a_method_entered_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="entered twice: wilson"):
        merged({"wilson": dict}, {"wald": dict, "wilson": dict})


def test_the_registry_loads_by_its_path_alone(tmp_path: Path) -> None:
    path = Path(__file__).with_name("reference_methods.py")
    code = (
        "import importlib.util as util, sys\n"
        "spec = util.spec_from_file_location('registry', sys.argv[1])\n"
        "module = util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "print(module.METHODS['wald'](x=1, n=2, conf_level=0.95)['estimate'])"
    )
    run = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "0.5\n"
