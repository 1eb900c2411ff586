"""Four releases whose every free text is hostile: two of counts, two of outcomes.

Each text is one of `PAYLOADS`, another one in each field and each version, so that lists (models,
claims, problems, categories) hold all of them in every version.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import count, product
from pathlib import Path
from typing import Any

import build

MARK = "data-hostile"
"""An attribute that only a text that became markup could bring into a page."""

PAYLOADS = (
    f'"><img {MARK} src=x onerror=canary()>',
    f"</script></title></textarea><b {MARK}>",
    "[a](javascript:canary%28%29) {{ 7*7 }} `|` <x>",
    '=HYPERLINK("//evil.example","x")',
    "\u202egnp.exe\u2066 \u200b# - * $_x^$ \\input{x}",
    "' autofocus onfocus=canary() x='",
    "W" * 96,
    "نموذج 模型 🦊 \u0300\u0301\u0302\u0303\u0304\u0305",
)

VERSIONS = ("c1", "c2", "o1", "o2")
MODELS = tuple(f"m{i}" for i in range(len(PAYLOADS)))
FILE = f'runs "><img {MARK} src=x onerror=canary()>.csv'
"""Name of the file that outcomes are read from; it is shown on the data page."""


class _Texts:
    """Gives the next payload each time; the first depends on the version."""

    def __init__(self, version: str) -> None:
        self._first = VERSIONS.index(version)
        self._places = count(self._first)

    def __call__(self) -> str:
        return PAYLOADS[next(self._places) % len(PAYLOADS)]

    def at(self, place: int) -> str:
        """Return a text of its own for each of as many places as there are payloads."""
        return PAYLOADS[(self._first + place) % len(PAYLOADS)]

    def several(self, number: int) -> list[str]:
        return [self() for _ in range(number)]


def write_hostile_releases(parent: Path) -> Path:
    """Write the releases below ``parent``/results and return that folder."""
    results = parent / "results"
    for version in VERSIONS:
        text = _Texts(version)
        folder = results / version
        (folder / "pages").mkdir(parents=True)
        shared = {name: text.several(4) for name in ("categories", "difficulties")}
        _write_toml(folder / "release.toml", _release(version, text, shared))
        _write_toml(folder / "models.toml", {"models": [_model(m, text) for m in MODELS]})
        (folder / "pages" / "own.md").write_text("# Own\n\n{{ release.title }}\n", "utf-8")
        if version.startswith("c"):
            _write_counts(folder, shared)
            _write_printed(folder, text, shared)
        else:
            _ingest_outcomes(parent, version, text, shared)
        _write_toml(folder / "claims.toml", _claims(text, shared))
    return results


def _release(version: str, text: _Texts, parts: Mapping[str, list[str]]) -> dict[str, Any]:
    kind, number = version
    previous = {"previous": f"{kind}1"} if number == "2" else {"previous": "c2"}
    binary = {"unit": "%", "kind": "binary", "higher_is_better": True}
    speed = {"unit": text(), "kind": "continuous", "higher_is_better": True}
    metrics = [
        {"id": "compiled", "title": text(), "description": text(), **binary},
        {"id": "passed", "title": text(), "description": text(), **binary},
        {"id": "inverse_runtime", "title": text(), "description": text(), **speed},
    ]
    return {
        "version": version,
        "title": text(),
        "date": f"2025-0{1 + VERSIONS.index(version)}-01",
        "status": "published",
        **({} if version == "c1" else previous),
        "benchmark": text(),
        "description": text(),
        "authors": text.several(3),
        "n_problems": 32,
        **parts,
        "notes": text.several(3),
        "metrics": metrics if kind == "c" else metrics[:2],
        "comparisons": [
            {"id": kind, "title": text(), "kind": kind, "models": ["m0"], "against": against}
            for kind, against in (("similar", ["m1", "m2"]), ("large", ["m3", "m4"]))
        ],
        "sources": [
            {"title": text(), "url": url, "licence": text(), "note": text()}
            for url in (
                "https://a.example/?q=1&b=%22'()[]{}|`#javascript:canary()",
                "http://b.example",
            )
        ],
    }


def _model(model: str, text: _Texts) -> dict[str, Any]:
    place = MODELS.index(model)
    return {
        "id": model,
        "name": text.at(place),
        "group": {"m0": "focus", "m1": "similar", "m3": "large"}.get(model, "other"),
        "focus": model == "m0",
        "aliases": [f"{text.at(place)} alias"],
        "architecture": text(),
        "experts": text(),
        "context_window": text(),
        "innovations": text(),
        "code_proportion": text(),
        "data_techniques": text(),
        "parameters": {"total": 7 + place, "printed": text(), "note": text()},
        "post_training": {text(): "full", text(): "partial"},
    }


def _cells(parts: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    return list(product(parts["categories"], parts["difficulties"]))


def _write_counts(folder: Path, parts: Mapping[str, list[str]]) -> None:
    cells = _cells(parts)
    _write_csv(
        folder / "problem_counts.csv",
        ("category", "difficulty", "problems"),
        [(*cell, 2) for cell in cells],
    )
    rows: list[tuple[object, ...]] = []
    for i, model in enumerate(MODELS):
        passed = [(i + at) % 3 for at in range(len(cells))]
        rows.append((model, "", "", 32, 32, sum(passed)))
        rows += [(model, *cell, 2, 2, n) for cell, n in zip(cells, passed, strict=True)]
    _write_csv(
        folder / "counts.csv",
        ("model", "category", "difficulty", "problems", "compiled", "passed"),
        rows,
    )
    _write_csv(
        folder / "summaries.csv",
        ("model", "metric", "count", "mean", "median", "std", "min", "max"),
        [(m, "inverse_runtime", 9, 3.5 + i, 3, 1, 1, 20) for i, m in enumerate(MODELS)],
    )


def _write_printed(folder: Path, text: _Texts, parts: Mapping[str, list[str]]) -> None:
    tables = text.several(len(MODELS))
    header = ("table", "figure", "model", "versus", "category", "difficulty", "printed", "unit")
    rows = [
        (table, "pass_rate", model, "", "", "", "33.3", "%", text())
        for table, model in zip(tables, MODELS, strict=True)
    ]
    part = parts["categories"][0]
    rows.append((tables[0], "cell_pass_rate", "m1", "", part, "", "33.3", "%", text()))
    _write_csv(folder / "printed.csv", (*header, "note"), rows)
    named = [
        {
            "id": table,
            "title": text(),
            "rows": [text(), text()],
            "metric": "inverse_runtime",
            "units": [text(), text()],
            "note": text(),
        }
        for table in dict.fromkeys(tables)
    ]
    _write_toml(folder / "printed_tables.toml", {"tables": named})


def _ingest_outcomes(
    parent: Path, version: str, text: _Texts, parts: Mapping[str, list[str]]
) -> None:
    """Read the rows as a user would, from a file whose name is hostile too."""
    header = ("model", "problem", "sample", "compiled", "passed", "runtime_s", "outcome")
    facts = ("category", "difficulty", "title", "url")
    rows = []
    for at, (category, difficulty) in enumerate(_cells(parts) * 2):
        # The same problems in both versions, so that the second's changes are about them.
        problem = f"{PAYLOADS[at % len(PAYLOADS)]} {at}"
        fact = (category, difficulty, text(), f"https://p.example/{at}?a='&b=(x)")
        for i, model in enumerate(MODELS):
            passed = (at * 7 + i * 3 + len(version)) % (2 + i % 4) == 0
            row = (model, problem, 0, "true", str(passed).lower(), 0.5 + i + at / 32, text())
            rows.append((*row, *fact))
    folder = parent / version
    folder.mkdir()
    _write_csv(folder / FILE, (*header, *facts), rows)
    places = ["--results", str(parent / "results"), "--release", version]
    assert build.main(["ingest", str(folder / FILE), *places]) == 0


def _claims(text: _Texts, parts: Mapping[str, list[str]]) -> dict[str, Any]:
    pair = {"metric": "passed", "models": ["m0"], "against": ["m1"]}
    part = {"category": parts["categories"][1]}
    assertions = [
        {"kind": "greater", **pair},
        {"kind": "less", **pair, **part},
        {"kind": "value", "metric": "passed", "models": ["m0"], "printed": "33.3", **part},
        {"kind": "highest", "metric": "passed", "models": ["m2"], "over": "categories"},
        {"kind": "equivalent", **pair},
        {"kind": "untestable", "reason": text()},
        {"kind": "share", "printed": "25.0", **part},
        {"kind": "trend", "metric": "passed", "models": ["m3"], "direction": "falls"},
    ]
    return {
        "families": [{"id": "hostile", "title": text()}],
        "claims": [
            {
                "id": f"claim-{i}",
                "section": text(),
                "text": text(),
                "stated": text(),
                "family": "hostile",
                "note": text(),
                "acknowledged": text(),
                "assertions": [assertion],
            }
            for i, assertion in enumerate(assertions)
        ],
    }


def _write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    file.write_text(out.getvalue(), "utf-8", newline="")


def _write_toml(file: Path, tables: Mapping[str, Any]) -> None:
    """Write plain values and lists of tables; inside those, tables stand in braces."""
    lines = []
    for key, value in tables.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for table in value:
                lines += [f"[[{key}]]", *(f"{k} = {_value(v)}" for k, v in table.items())]
        else:
            lines.append(f"{key} = {_value(value)}")
    file.write_text("\n".join(lines) + "\n", "utf-8")


def _value(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_value(k)} = {_value(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
