"""A release of eight models whose report is right in every respect, for tests to plant mistakes."""

from collections.abc import Iterator
from pathlib import Path

N = 50
COUNTS = {  # compiled, passed
    "m1": (40, 31),
    "m2": (45, 29),
    "m3": (36, 23),
    "m4": (38, 21),
    "m5": (30, 17),
    "m6": (33, 13),
    "m7": (20, 11),
    "m8": (18, 7),
}
SIZES = {"m1": 8, "m2": 13, "m3": 16, "m4": 70, "m5": 7, "m6": 3, "m7": 2, "m8": 1}
CELLS = {  # problems, then compiled and passed of m1
    ("Sorting", "easy"): (12, 12, 10),
    ("Sorting", "hard"): (13, 9, 7),
    ("Graphs", "easy"): (10, 9, 8),
    ("Graphs", "hard"): (15, 10, 6),
}
SPEEDS = [100.0 + 20 * i for i in range(COUNTS["m1"][0])]

RELEASE = """\
version = "v1"
title = "A report without mistakes"
status = "published"
benchmark = "Fifty problems"
n_problems = 50
categories = ["Sorting", "Graphs"]
difficulties = ["easy", "hard"]

[[metrics]]
id = "compiled"
title = "Compile rate"
unit = "%"
kind = "binary"

[[metrics]]
id = "passed"
title = "Pass rate"
unit = "%"
kind = "binary"
higher_is_better = true

[[metrics]]
id = "inverse_runtime"
title = "Speed"
unit = "runs per 1000 s"
kind = "continuous"
higher_is_better = true

[[metrics]]
id = "passes_per_second"
title = "Weighted speed"
unit = "passes per second"
kind = "continuous"
higher_is_better = true

[[metrics]]
id = "latency"
title = "Latency"
unit = "ms"
kind = "continuous"
higher_is_better = false

[[comparisons]]
id = "similar"
title = "Similar models"
kind = "similar"
models = ["m1"]
against = ["m2", "m3"]
"""

TABLES = """\
[[tables]]
id = "models"
title = "The models"
covers = "described"
rows = ["M 1 8B", "M 2 13B", "M 3 16B", "M 4 70B", "M 5 7B", "M 6 3B", "M 7 2B", "M 8 1B"]

[[tables]]
id = "1"
title = "Rates"
covers = "evaluated"
sorted_by = "pass_rate"
rows = ["M 1 8B", "M 2 13B", "M 3 16B", "M 4 70B", "M 5 7B", "M 6 3B", "M 7 2B", "M 8 1B"]

[[tables]]
id = "2"
title = "Rates again, by nobody knows what"
rows = ["M 1 8B", "M 2 13B", "M 3 16B", "M 4 70B", "M 5 7B", "M 6 3B", "M 7 2B", "M 8 1B"]

[[tables]]
id = "categories"
title = "Categories"
rows_are = "categories"
rows = ["Sorting", "Graphs"]

[[tables]]
id = "speed"
title = "Speed"
metric = "inverse_runtime"
units = ["1000/runtime"]
"""


def write_audited(parent: Path) -> Path:
    """Write the release below ``parent``/results and return its folder."""
    folder = parent / "results" / "v1"
    folder.mkdir(parents=True)
    files = {
        "release.toml": RELEASE,
        "models.toml": "\n".join(_models()),
        "printed_tables.toml": TABLES,
        "counts.csv": "\n".join(_counts()),
        "problem_counts.csv": "\n".join(_problem_counts()),
        "summaries.csv": "\n".join(_summaries()),
        "printed.csv": "\n".join(_printed()),
    }
    for name, text in files.items():
        (folder / name).write_text(text + "\n", "utf-8")
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Plant a mistake: one place of one file."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), "utf-8")


def _models() -> Iterator[str]:
    for name, size in SIZES.items():
        group = "focus" if name == "m1" else "other"
        yield f'[[models]]\nid = "{name}"\nname = "M {name[1]} {size}B"\ngroup = "{group}"'
        yield f"[models.parameters]\ntotal = {size}\nactive = 0.5"
        yield f'printed = "{size}B (0.5B active)"'


def _counts() -> Iterator[str]:
    yield "model,category,difficulty,problems,compiled,passed"
    yield from (f"{m},,,{N},{c},{p}" for m, (c, p) in COUNTS.items())
    yield from (f"m1,{k},{d},{n},{c},{p}" for (k, d), (n, c, p) in CELLS.items())


def _problem_counts() -> Iterator[str]:
    yield "category,difficulty,problems"
    yield from (f"{k},{d},{n}" for (k, d), (n, _, _) in CELLS.items())


def _summaries() -> Iterator[str]:
    yield "model,metric,count,mean,median,std,min,max"
    passed = COUNTS["m1"][1]
    weighted = [0.0] * (len(SPEEDS) - passed) + [s / 1000 for s in SPEEDS[-passed:]]
    for metric, values in (
        ("inverse_runtime", SPEEDS),
        ("passes_per_second", weighted),
        ("latency", [1e6 / speed for speed in SPEEDS]),
    ):
        yield f"m1,{metric},{len(values)},{_summary(sorted(values))}"
    yield "m2,inverse_runtime,45,500.5,480.5,110.5,200.5,900.5"


def _summary(values: list[float]) -> str:
    n = len(values)
    mean = sum(values) / n
    median = (values[n // 2 - 1] + values[n // 2]) / 2
    std = (sum((v - mean) ** 2 for v in values) / (n - 1)) ** 0.5
    return ",".join(f"{v:.4f}" for v in (mean, median, std, values[0], values[-1]))


def _printed() -> Iterator[str]:
    yield "table,figure,model,versus,category,difficulty,printed,unit"
    yield f"abstract,problems,,,,,{N},problems"
    for category in ("Sorting", "Graphs"):
        n = sum(size for (name, _), (size, _, _) in CELLS.items() if name == category)
        yield f"categories,problems,,,{category},,{n},problems"
        yield f"categories,category_share,,,{category},,{100 * n / N:.1f},%"
    for table in ("1", "2"):
        for model, (compiled, passed) in COUNTS.items():
            yield f"{table},compile_rate,{model},,,,{100 * compiled / N:.1f},%"
            yield f"{table},pass_rate,{model},,,,{100 * passed / N:.1f},%"
            yield f"{table},pass_rate_of_compiled,{model},,,,{100 * passed / compiled:.1f},%"
    for (category, difficulty), (n, _, passed) in CELLS.items():
        yield f"cells,cell_pass_rate,m1,,{category},{difficulty},{100 * passed / n:.1f},%"
    yield from _derived()


def _derived() -> Iterator[str]:
    rates = {model: 100 * passed / N for model, (_, passed) in COUNTS.items()}
    mean = (rates["m2"] + rates["m3"]) / 2
    yield f"gap,group_mean_pass_rate,,similar,,,{mean:.1f},%"
    yield f"gap,gap_points,m1,similar,,,+{rates['m1'] - mean:.1f},points"
    yield f"gap,gap_relative,m1,similar,,,{100 * (rates['m1'] / mean - 1):.0f},%"
    yield f"gap,difference_points,m1,m2,,,{rates['m1'] - rates['m2']:.1f},points"
    yield f"gap,proximity_pass,m3,best,,,{100 * rates['m3'] / rates['m1']:.1f},%"
    for model in ("m1", "m2"):
        yield f"sizes,parameters,{model},,,,{SIZES[model]},B"
        yield f"sizes,efficiency,{model},,,,{rates[model] / SIZES[model]:.2f},points per B"
    yield f"sizes,size_ratio,m2,m1,,,{SIZES['m2'] / SIZES['m1']:.1f},x"
    yield "sizes,largest_size_ratio,m1,similar,,,2,x"
    yield "sizes,rank,m1,,,,1,rank"
    yield f"conclusion,pass_rate,m1,,,,{rates['m1']:.0f},%"
