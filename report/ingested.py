"""What an ingest did, for a terminal: files, rules, and for each model what is missing."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence

from harness.errors import ResultFileError
from harness.ingest.account import Account
from harness.ingest.claims import Stated
from harness.ingest.result import Ingested, Options
from harness.ingest.run import ingest
from harness.ingest.scaffold import VERSION
from harness.text import shown
from report.html import plain
from stats.samples import pass_at_k_benchmark

NAMED = 10  # ids that a line lists
WIDTH = 120  # columns where no terminal says how many there are


HEADS = (
    "Model",
    "Problems",
    "Missing",
    "Duplicated",
    "Unscored",
    "Errored",
    "Samples",
    "Passed",
)


def run_ingest(given: Namespace) -> Ingested:
    """Ingest as the command line says, with this project's own pass@k behind stated rates."""
    release = given.release
    if not VERSION.fullmatch(release):
        raise ResultFileError(
            given.results,
            field="--release",
            found=shown(release),
            expected="the name of a folder in it",
        )
    options = Options(
        format_id=given.format,
        models=tuple(given.model),
        problems=given.problems,
        as_csv=given.csv,
        replace=given.replace,
    )
    return ingest(given.files, given.results / release, options, estimate=_pass_at_k)


def _pass_at_k(passed: Sequence[int], samples: Sequence[int], k: int) -> float:
    return pass_at_k_benchmark(passed, samples, k).estimate.value


def print_ingested(done: Ingested) -> None:
    """Print a table of the models, and below it everything that was decided."""
    from rich.console import Console  # noqa: PLC0415 - only where a person reads
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, head in enumerate(HEADS):
        table.add_column(head, justify="right" if position else "left", overflow="fold")
    for model in done.models:
        table.add_row(*(Text(plain(cell)) for cell in _cells(model)))
    console.print(table)
    for line in _lines(done):
        console.print(Text(plain(line)), soft_wrap=True)


def _cells(model: Account) -> tuple[str, ...]:
    samples = f"{model.fewest_samples}"
    if model.most_samples != model.fewest_samples:
        samples += f"-{model.most_samples}"
    passed = f"{model.passed:,}/{model.scored:,}"
    if not model.scored and model.mean_score is not None:
        passed = f"mean {model.mean_score:.4f}"
    numbers = (
        model.problems,
        model.missing,
        model.duplicated,
        model.unscored,
        model.errored,
    )
    return (model.id, *(f"{number:,}" for number in numbers), samples, passed)


def _lines(done: Ingested) -> Iterator[str]:
    yield ""
    for source in done.sources:
        kind = f"{source['harness']} ({source['format']})"
        yield f"read: {source['name']}, {kind}, {source['rows']:,} rows"
    yield from _naming(done)
    yield from _decided(done)
    for rate in done.stated:
        if rate.verdict != "agrees":
            yield _stated(rate)
    agree = sum(rate.verdict == "agrees" for rate in done.stated)
    if agree:
        yield f"agrees: {agree} stated {_plural(agree, 'rate')} with the rows"
    yield from _matching(done)
    if done.left_out:
        yield (
            f"left out: {', '.join(done.left_out)}; to keep one, declare it as [[metrics]] in "
            "release.toml and ingest again with --replace"
        )
    if done.new_metrics:
        yield f"new in release.toml: metrics {', '.join(done.new_metrics)}; say what they mean"
    new = [model.id for model in done.models if model.new]
    if new:
        yield f"new in models.toml: {', '.join(new)}; say their group and size"
    yield f"written: {', '.join(done.written)} in {done.folder}; {done.n_problems:,} problems"


def _naming(done: Ingested) -> Iterator[str]:
    """Say which name each model was taken for, and where the name stood."""
    for model in done.models:
        if model.sources:
            yield f"model: {model.id} is {'; '.join(model.sources)}"


def _decided(done: Ingested) -> Iterator[str]:
    """Give each rule once, however many files it was applied to."""
    rules: dict[str, list[str]] = {}
    for source in done.sources:
        for rule in source["rules"]:
            rules.setdefault(rule, []).append(source["name"])
    for rule, names in rules.items():
        yield f"rule ({names[0] if len(names) == 1 else f'{len(names)} files'}): {rule}"
    for source in done.sources:
        name = source["name"]
        for item in source["set_aside"]:
            of = f" of {item['model']}" if item["model"] else ""
            yield f"set aside ({name}): {item['count']:,} {item['what']}{of}: {item['rule']}"
        if (stated := source["n_problems"]) and stated > done.n_problems:
            yield f"{name} states {stated:,} problems; {done.n_problems:,} are known"


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _stated(rate: Stated) -> str:
    if rate.computed is None:
        return f"refused, {rate.source}: {rate.metric} of {rate.model}: {rate.reason}"
    return (
        f"differs, {rate.source}: {rate.metric} of {rate.model} is stated as {rate.stated:.6g}, "
        f"its rows give {rate.computed:.6g}"
    )


def _matching(done: Ingested) -> Iterator[str]:
    if done.unknown_files:
        names = [path.name for path in done.unknown_files]
        yield f"not taken, no known format: {_listed(names)}"
    if done.beside:
        yield f"not taken, no single results, beside files with some: {_listed(done.beside)}"
    if done.problems is None:
        return
    if done.problems.without_facts:
        yield f"unknown to --problems: {_listed(done.problems.without_facts)}"
    if done.problems.without_rows:
        yield f"left out, --problems without rows: {_listed(done.problems.without_rows)}"
    if done.problems.ignored:
        yield f"left out, columns of --problems: {_listed(done.problems.ignored)}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more} ({len(names):,})"
