"""A release as Every Eval Ever records (schema 0.2.2): one file a model, rates with intervals.

Records hold rates, not samples: that format's samples carry prompts and answers, which a release
does not keep.
"""

import calendar
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from harness.errors import ResultFileError
from harness.release import Model, Release
from report.analysis import Analysis, analyse
from report.analysis.rates import Rate
from report.tool import tool_version

SCHEMA = "0.2.2"
NAMES = uuid.UUID("6f0c5b3e-6a4c-5d0e-9a3f-3a3b1d0f7c11")  # of our records, so equal ones are equal
NO_DEVELOPER = "unknown"
TITLES = {"passed": "pass rate", "compiled": "compile rate"}


def export_records(release: Release, target: Path) -> tuple[Path, ...]:
    """Write one record for each model with results, below ``BENCHMARK/DEVELOPER/MODEL/``.

    Parameters
    ----------
    release
        With outcomes or counts.
    target
        A folder that does not exist or is empty.

    Raises
    ------
    ResultFileError
        The folder holds something.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ResultFileError(
            target,
            found="a folder that holds something" if target.is_dir() else "a file",
            expected="a folder that is empty, or does not exist",
            way_out="Choose another with --to.",
        )
    analysis = analyse(release)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory(prefix=".export-", dir=target.parent) as work:
        for path, record in records(analysis):
            file = Path(work) / "whole" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
            file.write_text(text, encoding="utf-8", newline="\n")
            written.append(target / path)
        if target.exists():
            target.rmdir()
        shutil.move(Path(work) / "whole", target)
    return tuple(written)


def records(analysis: Analysis) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the relative path and the content of each model's record, in the release's order."""
    release = analysis.release
    moment = _moment(release)
    for identity in release.tested:
        model = release.model(identity)
        developer, name = _parts(model)
        results = [
            _result(release, analysis.rates[identity, metric])
            for metric in TITLES
            if (identity, metric) in analysis.rates
        ]
        record = {
            "schema_version": SCHEMA,
            "evaluation_id": f"{_slug(release.benchmark)}/{developer}/{name}/{moment}",
            "retrieved_timestamp": moment,
            "source_metadata": _source(release),
            "eval_library": {"name": "Benchproof", "version": tool_version()},
            "model_info": _model(model, developer, name),
            "evaluation_results": results,
        }
        digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        file = f"{uuid.uuid5(NAMES, digest)}.json"
        yield f"{_slug(release.benchmark)}/{developer}/{name}/{file}", record


def _moment(release: Release) -> str:
    """Seconds since 1970: SOURCE_DATE_EPOCH, else the release's date, else 0; never today."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return str(int(epoch))
    if not release.date:
        return "0"
    return str(calendar.timegm(dt.date.fromisoformat(release.date).timetuple()))


def _source(release: Release) -> dict[str, Any]:
    return {
        "source_name": release.title,
        "source_type": "documentation",
        "source_organization_name": ", ".join(release.authors) or "not stated",
        "evaluator_relationship": "other",
        "additional_details": {"release": release.version, "status": release.status},
    }


def _model(model: Model, developer: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": model.name, "id": f"{developer}/{name}"}
    if developer != NO_DEVELOPER:
        found["developer"] = developer
    if model.parameters.total is not None:
        found["additional_details"] = {"parameters_billions": f"{model.parameters.total:g}"}
    return found


def _result(release: Release, rate: Rate) -> dict[str, Any]:
    title = TITLES[rate.metric]
    limits = rate.wilson
    return {
        "evaluation_name": f"{release.benchmark}, {title}",
        "source_data": {
            "dataset_name": release.benchmark,
            "source_type": "other",
            "additional_details": {
                "problems_of_the_benchmark": str(release.n_problems),
                "missing_outcomes": release.missing,
            },
        },
        "metric_config": {
            "evaluation_description": f"{title} over problems, as a fraction",
            "lower_is_better": False,
            "score_type": "continuous",
            "min_score": 0.0,
            "max_score": 1.0,
        },
        "score_details": {
            "score": rate.value,
            "uncertainty": {
                "confidence_interval": {
                    "lower": limits.low,
                    "upper": limits.high,
                    "confidence_level": limits.level,
                    "method": "score interval by problem" if rate.fractional else "Wilson",
                },
                "num_samples": rate.n,
            },
        },
    }


def _parts(model: Model) -> tuple[str, str]:
    """Split the developer off a name such as ``org/model``; nobody is guessed from a bare name."""
    for word in (model.name, *model.aliases):
        developer, slash, name = word.partition("/")
        if slash and developer and name and "/" not in name:
            return _slug(developer), _slug(name)
    return NO_DEVELOPER, _slug(model.id)


def _slug(text: str) -> str:
    """Reduce a name to what any file system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "unnamed"


def chosen(releases: Sequence[Release], version: str) -> Release:
    """Find a release by its version.

    Raises
    ------
    ResultFileError
        There is none with results.
    """
    for release in releases:
        if release.version == version:
            return release
    known = ", ".join(release.version for release in releases)
    raise ResultFileError(
        Path(version), found="no such release", expected=f"one of {known or 'none'}"
    )
