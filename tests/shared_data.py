"""Real outputs of harnesses, kept beside the repository; tests on them skip where they are not."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the shared folder of real outputs is not beside the repository"
)


def data_files() -> tuple[Path, ...]:
    """List every file of it, sorted; none where it is missing."""
    return tuple(sorted(path for path in DATA.rglob("*") if path.is_file()))
