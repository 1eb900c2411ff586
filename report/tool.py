"""Which version of Benchproof this is, and of the libraries that compute."""

import tomllib
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
COMPUTING = ("numpy", "scipy", "statsmodels", "polars")


@cache
def tool_version() -> str:
    """Return the version that pyproject.toml states."""
    return str(tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"])


def library_versions() -> dict[str, str]:
    """Return the installed version of each library that a figure can depend on."""
    return {name: installed(name) for name in COMPUTING}
