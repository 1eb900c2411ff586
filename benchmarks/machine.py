"""What the measurements were made on: no name of a host, no path."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

LIBRARIES = (
    "numpy",
    "scipy",
    "statsmodels",
    "mkdocs",
    "mkdocs-material",
    "altair",
    "polars",
    "pandas",
)


def machine() -> dict[str, str]:
    """Describe the computer in words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} on {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Name what was measured with: Python and the libraries that take part."""
    found = {"Python": platform.python_version()}
    return found | {library: version(library) for library in LIBRARIES}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
