import hashlib
from pathlib import Path

import pytest

from harness.ingest.result import Ingested, Options
from harness.ingest.run import ingest
from harness.ingest.scaffold import new_release

HEADER = "model,problem,sample,compiled,passed,runtime_s\n"
ROWS = "A,p1,0,true,true,0.5\nA,p2,0,true,false,\nB,p1,0,true,true,0.25\nB,p3,0,false,false,\n"


def first_of(passed, samples, k) -> float:
    """Stands in for pass@k where a test looks at the plumbing: the share of passes."""
    assert k >= 1
    return sum(passed) / sum(samples)


@pytest.fixture
def release(tmp_path) -> Path:
    folder = tmp_path / "results" / "v1"
    new_release(folder.parent, "v1")
    return folder


@pytest.fixture
def take(release, tmp_path):
    """Ingest text or files into the release."""

    def run(*contents: str | Path, name: str = "x.csv", **options) -> Ingested:
        files = []
        for at, content in enumerate(contents):
            if isinstance(content, Path):
                files.append(content)
                continue
            file = tmp_path / "given" / str(at) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
            files.append(file)
        return ingest([str(f) for f in files], release, Options(**options), estimate=first_of)

    return run


@pytest.fixture
def untouched(release):
    """Compare the release's bytes before and after, and look for leftovers beside it."""

    def state() -> dict[str, str]:
        return {
            str(path.relative_to(release.parent)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(release.parent.rglob("*"))
            if path.is_file()
        }

    return state
