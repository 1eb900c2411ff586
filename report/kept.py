"""Results of slow, pure functions, kept between builds under a digest of arguments and code."""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from report.drawing import write_atomically
from report.unused import read_used, sealed

ROOT = Path(__file__).resolve().parents[1]


def kept_json(
    folder: Path | None,
    name: str,
    arguments: object,
    make: Callable[[], Any],
    *,
    code: str,
    basis: str = "",
) -> Any:
    """Return what ``make`` returns as plain JSON data, from ``folder`` if it is there.

    Parameters
    ----------
    folder
        Where results are kept; None makes them anew.
    name, arguments
        What is made; the arguments must be data that JSON can hold.
    code
        Glob below the project of the files that decide the result.
    basis
        What else decides it, such as a library's version.
    """
    if folder is None:
        return make()
    what = json.dumps([name, arguments, basis, _digest(code)], sort_keys=True)
    file = folder / f"{hashlib.sha256(what.encode()).hexdigest()}.{name}.json"
    found = read_used(file)
    if found is not None:
        return json.loads(found)
    made = make()
    text = json.dumps(made, ensure_ascii=False, allow_nan=False)
    write_atomically(file, sealed(text.encode()))
    return made


@cache
def _digest(code: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(ROOT.glob(code)):
        digest.update(file.read_bytes())
    return digest.hexdigest()
