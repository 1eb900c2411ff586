"""`check`: claims, printed figures and published summaries, held against the data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from harness.errors import BenchproofError
from harness.release import Release
from report.analysis import analyse
from report.claims import JudgedClaim
from report.claims.as_json import claims_json
from report.claims.terminal import claims_markdown, print_claims
from report.consistency import RuleResult, followed
from report.consistency import as_json as consistency_json
from report.consistency.narrative import typed_figures
from report.drift import Drift
from report.exhibits.common import Context
from report.exhibits.drift import drift_words
from report.exhibits.printed import checks
from report.html import plain
from report.page_list import SPECS
from report.printed import PrintedCheck, computed_words, with_unit


@dataclass(frozen=True, slots=True)
class ReleaseAudit:
    """What was checked in one release, and what does not hold."""

    version: str
    printed: int
    disagreements: tuple[PrintedCheck, ...]
    untestable: int
    impossible: tuple[str, ...]
    drift: tuple[Drift, ...] = ()
    claims: tuple[JudgedClaim, ...] = ()
    consistency: tuple[RuleResult, ...] = ()

    @property
    def unacknowledged(self) -> tuple[JudgedClaim, ...]:
        """Return the claims that the data do not bear out and the release does not admit."""
        return tuple(claim for claim in self.claims if claim.fails and not claim.acknowledged)

    @property
    def failed(self) -> bool:
        """Whether the release says what its data do not bear out, without saying that it does.

        Where it has claims they decide, since each can be acknowledged; a release without them
        must print nothing but what the data give. An impossible summary always fails.
        """
        said = self.unacknowledged if self.claims else self.disagreements
        return bool(said or self.impossible)

    def as_json(self) -> dict[str, object]:
        """Return the audit as plain data."""
        return {
            "release": self.version,
            "printed_figures": self.printed,
            "untestable": self.untestable,
            "disagreements": [
                {
                    "where": check.figure.table,
                    "line": check.figure.line,
                    "figure": check.figure.figure,
                    "model": check.figure.model,
                    "versus": check.figure.versus,
                    "category": check.figure.category,
                    "difficulty": check.figure.difficulty,
                    "printed": check.figure.printed,
                    "unit": check.figure.unit,
                    "computed": check.computed,
                }
                for check in self.disagreements
            ],
            "impossible_summaries": list(self.impossible),
            "failed": self.failed,
            "claims": claims_json(self.claims),
            "drift": [asdict(item) for item in self.drift],
            "consistency": consistency_json(self.consistency),
        }


def audit_releases(
    releases: Sequence[Release], *, only: str | None, docs: Path | None = None
) -> list[ReleaseAudit]:
    """Audit all releases, or the one that is named; ``docs`` holds the narrative they share."""
    chosen = [r for r in releases if only in (None, r.version)]
    if not chosen:
        known = ", ".join(r.version for r in releases)
        raise BenchproofError(f"no release is called {only!r}; known: {known}")
    return [audit(r, earlier=followed(r, releases), docs=docs) for r in chosen]


def audit(
    release: Release, *, earlier: tuple[Release, ...] = (), docs: Path | None = None
) -> ReleaseAudit:
    """Audit one release; ``earlier`` are those it follows, nearest first."""
    context = Context(analyse(release), earlier=earlier)
    found = checks(context)
    return ReleaseAudit(
        version=release.version,
        printed=len(found),
        disagreements=tuple(check for check in found if check.agrees is False),
        untestable=sum(check.agrees is None for check in found),
        impossible=tuple(
            f"{context.labels[item.summary.model]}, {group.metric.id}: {contradiction.rule}"
            for group in context.analysis.summaries
            for item in group.models
            for contradiction in item.contradictions
        ),
        drift=context.drift,
        claims=context.claims,
        consistency=(*context.audit, typed_figures(context.facts, _narrative(release, docs))),
    )


def _narrative(release: Release, docs: Path | None) -> dict[str, Path]:
    """Pages of a release that speak of its results, the shared ones and its own, by name."""
    shared = [spec.path for spec in SPECS if spec.section != "Methods"] if docs else []
    found = {f"docs/{name}": docs / name for name in shared if docs and (docs / name).is_file()}
    own = release.path / "pages"
    for path in sorted(own.rglob("*.md")):
        found[f"{release.version}/pages/{path.relative_to(own).as_posix()}"] = path
    return found


def print_audit(audits: Sequence[ReleaseAudit]) -> None:
    """Print a table for each release."""
    from rich.console import Console  # noqa: PLC0415 - only where a person reads
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from report.consistency.terminal import print_findings  # noqa: PLC0415

    console = Console()
    for item in audits:
        agree = item.printed - len(item.disagreements) - item.untestable
        console.print(
            f"[bold]{item.version}[/]: {item.printed} printed figures, {agree} agree with the "
            f"data, {len(item.disagreements)} do not, {item.untestable} cannot be recomputed"
        )
        table = Table("Where", "Figure", "Of", "Printed", "Data give")
        for check in item.disagreements:
            figure = check.figure
            subject = (figure.model, figure.versus, figure.category, figure.difficulty)
            cells = (
                figure.table,
                figure.figure.replace("_", " "),
                ", ".join(part for part in subject if part),
                with_unit(figure.printed, figure.unit),
                computed_words(check),
            )
            table.add_row(*(Text(plain(cell)) for cell in cells))
        if item.disagreements:
            console.print(table)
        for sentence in item.impossible:
            console.print(Text(f"  impossible summary: {plain(sentence)}"))
        for moved in item.drift:
            console.print(Text(f"  {plain(drift_words(moved))}"))
        print_findings(console, item.consistency)
        print_claims(item.claims)


def append_summary(audits: Sequence[ReleaseAudit], file: Path) -> None:
    """Append a Markdown summary of the claims to a file, such as that of a CI job.

    Raises
    ------
    BenchproofError
        The file cannot be written.
    """
    parts = [claims_markdown(item.version, item.claims) for item in audits]
    text = "\n".join(["## Claims against the data", "", *parts])
    try:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(f"{text}\n")
    except OSError as error:
        raise BenchproofError(f"{file}: cannot be written ({error.strerror})") from error
