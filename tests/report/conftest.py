"""The founding releases, analysed once, and a small release that any test may spoil."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from small import write_small_release

from harness.folder import read_release
from report.analysis import analyse
from report.exhibits.common import Context

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def founding() -> Context:
    return Context(analyse(read_release(ROOT / "results" / "v0.1")))


@pytest.fixture(scope="session")
def first_draft() -> Context:
    return Context(analyse(read_release(ROOT / "results" / "v0.1-draft1")))


@pytest.fixture
def small_release(tmp_path: Path) -> Callable[..., Path]:
    return partial(write_small_release, tmp_path)
