"""What the command line asks of an ingest, and what the ingest tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.ingest.account import Account
from harness.ingest.claims import Stated
from harness.ingest.problems import Problems


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line sets beside the files.

    ``models`` are the names of ``--model``; ``problems`` a table of facts on problems; ``as_csv``
    stores rows as CSV instead of Parquet; with ``replace`` new rows take the place of old ones.
    """

    format_id: str | None = None
    models: tuple[str, ...] = ()
    problems: Path | None = None
    as_csv: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Ingested:
    """What an ingest did, for printing."""

    folder: Path
    sources: tuple[Mapping[str, Any], ...]
    unknown_files: tuple[Path, ...]
    models: tuple[Account, ...]
    stated: tuple[Stated, ...]
    n_problems: int
    problems: Problems | None
    left_out: tuple[str, ...]
    """Metrics of the files that release.toml does not declare."""
    written: tuple[str, ...]
    beside: tuple[str, ...] = ()
    """Files of folders that state rates or counts, beside files with rows."""
    new_metrics: tuple[str, ...] = ()
    """Metrics that release.toml now declares, since it had none."""

    def as_json(self) -> dict[str, Any]:
        """Give everything a person is told as JSON knows it."""
        unmatched = self.problems
        return {
            "release": self.folder.name,
            "written": list(self.written),
            "sources": list(self.sources),
            "unknown_files": [str(path) for path in self.unknown_files],
            "beside": list(self.beside),
            "models": [model.as_json() for model in self.models],
            "stated": [rate.as_json() for rate in self.stated],
            "problems": {
                "count": self.n_problems,
                "without_facts": list(unmatched.without_facts) if unmatched else [],
                "without_rows": list(unmatched.without_rows) if unmatched else [],
                "ignored_columns": list(unmatched.ignored) if unmatched else [],
            },
            "metrics_left_out": list(self.left_out),
            "new_metrics": list(self.new_metrics),
        }
