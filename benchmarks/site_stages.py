"""Where the time of `build.py site` goes: one build here, with a clock around its stages.

``python -m benchmarks.site_stages OPTIONS…`` takes the folders that ``build.py`` takes before its
command, and prints seconds by stage, all seconds and the peak memory as JSON.
"""

import json
import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib import import_module
from time import perf_counter
from typing import Any

STAGES = (
    ("reading", "build", "_read"),
    ("analysing", "report.versions", "analyse"),
    ("pages: statistics on demand, tables, text", "report.versions", "render_pages"),
    ("charts", "report.placing", "figure_files"),
    ("charts", "report.placing", "figure_html"),
    ("data files", "report.versions", "data_files"),
    ("data files", "report.versions", "comparison_files"),
    ("data files", "report.versions", "versus_files"),
    ("data files", "report.versions", "mix_files"),
    ("social picture", "report.versions", "social_files"),
    ("staging and MkDocs", "report.site", "built_versions"),
)
"""Name of a stage, and a function all of whose time belongs to it, less that of stages within."""

ELSE = "imports and the rest"


class Clock:
    """Seconds by stage; a stage within another counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._within: list[float] = []

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its time counted."""

        def timed(*arguments: Any, **options: Any) -> Any:
            self._within.append(0.0)
            start = perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                whole = perf_counter() - start
                self.seconds[stage] += whole - self._within.pop()
                if self._within:
                    self._within[-1] += whole

        return timed


def main(arguments: Sequence[str]) -> None:
    """Build and print."""
    start, clock = perf_counter(), Clock()
    build = import_module("build")
    for stage, module, name in STAGES:
        home = import_module(module)
        setattr(home, name, clock.around(stage, getattr(home, name)))
    build.main([*arguments, "site"])
    whole = perf_counter() - start
    clock.seconds[ELSE] = whole - sum(clock.seconds.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": whole, "stages": clock.seconds, "peak": peak}))


if __name__ == "__main__":
    main(sys.argv[1:])
