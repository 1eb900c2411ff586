"""The command line of Benchproof: parses arguments, calls the rooms, prints. No logic.

Exit codes: 0 done, 1 a check failed, 2 bad usage or bad input.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.release import Release
    from report.document import Version
    from report.exhibits.common import Context

HERE = Path(__file__).resolve().parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    from harness.errors import BenchproofError  # noqa: PLC0415 - `--help` stays quick

    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BenchproofError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        from report.disk import disk_words  # noqa: PLC0415 - `--help` stays quick

        print(disk_words(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the site is as it was", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Benchmark results in, a website out in which every number has its interval.",
    )
    parser.set_defaults(run=_site, **_defaults())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    site = commands.add_parser("site", help="build every version into site/ (the default)")
    site.add_argument("--no-cache", action="store_true", help="make all anew, keep none of it")
    site.set_defaults(run=_site)
    _add_builder(site)
    stage = commands.add_parser("stage", help="write what the site's builder is given")
    stage.add_argument("release", nargs="?", metavar="R", help="only this release")
    stage.add_argument("--to", type=Path, default=Path("staged"), metavar="FOLDER", help="(staged)")
    stage.set_defaults(run=_stage)
    serve = commands.add_parser("serve", help="live preview: an edit shows at once")
    serve.add_argument("--port", type=int, default=8000, help="port on this computer (8000)")
    serve.set_defaults(run=_serve)
    check = commands.add_parser(
        "check", help="validate inputs, hold claims and printed figures against data"
    )
    check.add_argument("release", nargs="?", help="only this release")
    check.add_argument("--json", action="store_true", help="print JSON instead of a table")
    check.add_argument(
        "--strict",
        action="store_true",
        help="exit with 1 if a claim is not what data give and not acknowledged",
    )
    check.add_argument("--summary", type=Path, help="append a Markdown summary to this file")
    check.set_defaults(run=_check)
    compare = commands.add_parser("compare", help="what changed between two releases, and why")
    compare.add_argument("before", metavar="A", help="the earlier release, or a file of rates")
    compare.add_argument("after", metavar="B", help="the later one")
    compare.add_argument("--json", action="store_true", help="print JSON instead of tables")
    compare.add_argument("--text", action="store_true", help="show the words that changed, too")
    compare.set_defaults(run=_compare)
    plan = commands.add_parser("plan", help="what so many problems can show, how many it takes")
    plan.add_argument("release", nargs="?", help="take problems and models from this release")
    plan.add_argument("--problems", type=int, metavar="N", help="number of problems")
    plan.add_argument("--models", type=int, metavar="M", help="correct for all pairs of M models")
    plan.add_argument(
        "--difference", type=float, metavar="POINTS", help="in pass rate (20, 15, 10, 5, 2)"
    )
    plan.add_argument(
        "--discordance",
        type=float,
        metavar="D",
        help="share of problems that exactly one of two models passes (.2, .3, .4)",
    )
    plan.add_argument("--power", type=float, default=0.8, help="chance to see it (.8)")
    plan.add_argument("--level", type=float, default=0.95, help="confidence level (.95)")
    plan.add_argument("--json", action="store_true", help="print JSON instead of tables")
    plan.set_defaults(run=_plan)
    freeze = commands.add_parser("freeze", help="pin a release: a changed byte becomes an error")
    freeze.add_argument("release", help="the release; it becomes published")
    freeze.add_argument("--draft", action="store_true", help="pin a draft that stays a draft")
    freeze.set_defaults(run=_freeze)
    _add_publish(commands)
    _add_reading(commands)
    for command in (parser, *commands.choices.values()):
        _add_folders(command)
    return parser


def _add_builder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--builder",
        metavar="B",
        help="properdocs or zensical, by name or path, in the stead of mkdocs",
    )


def _add_publish(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    publish = commands.add_parser("publish", help="build the site and put it where readers are")
    publish.add_argument("--remote", default="origin", help="git remote (origin)")
    publish.add_argument("--branch", default="gh-pages", help="branch of the remote (gh-pages)")
    publish.add_argument("--folder", type=Path, metavar="DIR", help="a folder, instead of a branch")
    publish.add_argument("--draft", action="store_true", help="let drafts out, too")
    publish.add_argument("--allow-dirty", action="store_true", help="with uncommitted changes")
    publish.add_argument(
        "--drop", action="append", default=[], metavar="V", help="take a published version away"
    )
    publish.add_argument("--force", action="store_true", help="overwrite the remote's branch")
    publish.add_argument("--yes", action="store_true", help="do not ask")
    publish.add_argument("--dry-run", action="store_true", help="only say what would be published")
    _add_builder(publish)
    publish.set_defaults(run=_publish)


def _add_reading(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    new = commands.add_parser("new", help="make the folder of a new release")
    new.add_argument("release", metavar="R", help="its name, such as v1")
    new.add_argument("--from", dest="earlier", metavar="R0", help="go on from this release")
    new.set_defaults(run=_new)
    ingest = commands.add_parser("ingest", help="read a harness's output into a release")
    ingest.add_argument("files", nargs="+", metavar="FILE", help="files, folders or URLs")
    ingest.add_argument("--release", required=True, metavar="R", help="the release it goes into")
    ingest.add_argument("--format", metavar="F", help="the format, if the content does not tell")
    ingest.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="NAME",
        help="the model of a file that names none; once for all files, or once for each",
    )
    ingest.add_argument(
        "--problems", type=Path, metavar="FILE", help="table of category, difficulty, date …"
    )
    ingest.add_argument("--csv", action="store_true", help="store CSV instead of Parquet")
    ingest.add_argument(
        "--replace", action="store_true", help="new rows take the place of the release's"
    )
    ingest.add_argument("--json", action="store_true", help="print JSON instead of a table")
    ingest.set_defaults(run=_ingest)
    export = commands.add_parser(
        "export", help="tables, charts and the report as files for a paper"
    )
    export.add_argument(
        "release", nargs="?", metavar="R", help="the release (the latest published)"
    )
    forms = ("paper", "every-eval-ever")
    export.add_argument("--format", default="paper", choices=forms, help="(paper)")
    export.add_argument("--to", type=Path, metavar="FOLDER", help="where the files go (export/R)")
    export.add_argument("--without-report", action="store_true", help="no PDF of all pages")
    export.set_defaults(run=_export)


def _defaults() -> dict[str, object]:
    return {
        "results": HERE / "results",
        "site": HERE / "site",
        "docs": HERE / "docs",
        "cache": HERE / ".cache",
        "no_cache": False,
        "builder": None,
    }


def _add_folders(command: argparse.ArgumentParser) -> None:
    suppress = argparse.SUPPRESS  # a default here would undo what was given before the command
    command.add_argument("--results", type=Path, default=suppress, help="folder of releases")
    command.add_argument("--site", type=Path, default=suppress, help="where the site goes")
    command.add_argument("--docs", type=Path, default=suppress, help="folder of narrative")
    command.add_argument("--cache", type=Path, default=suppress, help="folder of drawn charts")


def _read(options: argparse.Namespace) -> "tuple[Release, ...]":
    from harness.folder import read_releases  # noqa: PLC0415 - slow import

    return tuple(read_releases(options.results))


def _render(
    options: argparse.Namespace,
    releases: "tuple[Release, ...] | None" = None,
    warm: "dict[str, Context] | None" = None,
) -> "list[Version]":
    from report.staging import read_config  # noqa: PLC0415 - slow import
    from report.versions import render_versions  # noqa: PLC0415 - slow import

    settings = read_config(HERE / "mkdocs.yml")
    return render_versions(
        releases or _read(options),
        docs=options.docs,
        cache=options.cache / "drawings",
        warm=warm,
        site_name=settings["site_name"],
        site_url=settings.get("site_url") or "",
    )


def _build(
    options: argparse.Namespace,
    releases: "tuple[Release, ...] | None" = None,
    warm: "dict[str, Context] | None" = None,
) -> None:
    from report.builders import chosen_builder  # noqa: PLC0415 - slow import
    from report.progress import progress  # noqa: PLC0415 - slow import
    from report.site import build_site  # noqa: PLC0415 - slow import
    from report.staging import read_config  # noqa: PLC0415 - slow import

    builder = chosen_builder(options.builder, read_config(HERE / "mkdocs.yml"))
    with progress() as say:
        say("reading and analysing releases")
        versions = _render(options, releases, warm)
        build_site(
            versions,
            target=options.site,
            config=HERE / "mkdocs.yml",
            theme=HERE / "docs" / "theme",
            work=options.cache,
            progress=say,
            builder=builder,
        )


def _stage(options: argparse.Namespace) -> int:
    from report.staging import stage_all  # noqa: PLC0415 - slow import

    written = stage_all(
        _render(options),
        only=options.release,
        into=options.to,
        config=HERE / "mkdocs.yml",
        theme=HERE / "docs" / "theme",
        cache=options.cache / "drawings",
    )
    for config in written:
        print(config)
    return 0


def _site(options: argparse.Namespace) -> int:
    from harness.folder import waiting  # noqa: PLC0415 - slow import
    from report.unused import cache_folder  # noqa: PLC0415 - slow import

    with cache_folder(options.cache, anew=options.no_cache) as options.cache:
        _build(options)
    for version in waiting(options.results):
        print(f"{version} has no results yet: python build.py ingest FILE… --release {version}")
    print(f"{options.site / 'index.html'} is ready")
    return 0


def _serve(options: argparse.Namespace) -> int:
    from report.preview import Kept, Preview  # noqa: PLC0415 - slow import
    from report.serve import serve  # noqa: PLC0415 - slow import

    kept = Kept(options.results, read=lambda: _read(options))
    _build(options, *kept.current())
    preview = Preview(
        options.site, config=HERE / "mkdocs.yml", theme=HERE / "docs" / "theme", work=options.cache
    )
    serve(
        preview.site,
        rebuild=lambda: preview.update(_render(options, *kept.current())),
        watched=[options.results, options.docs, HERE / "mkdocs.yml"],
        port=options.port,
    )
    return 0


def _check(options: argparse.Namespace) -> int:
    from report.audit import (  # noqa: PLC0415 - slow import
        append_summary,
        audit_releases,
        print_audit,
    )

    found = audit_releases(_read(options), only=options.release, docs=options.docs)
    if options.summary:
        append_summary(found, options.summary)
    if options.json:
        print(json.dumps([item.as_json() for item in found], indent=1, ensure_ascii=False))
    else:
        print_audit(found)
    return int(options.strict and any(item.failed for item in found))


def _compare(options: argparse.Namespace) -> int:
    from report.changes.command import compare_named  # noqa: PLC0415 - slow import

    found = compare_named(lambda: _read(options), options.before, options.after, docs=options.docs)
    if options.json:
        print(json.dumps(found.as_json(), indent=1, ensure_ascii=False))
    else:
        found.show(text=options.text)
    return 0


def _plan(options: argparse.Namespace) -> int:
    from report.plan import make_plan, plan_json, print_plan  # noqa: PLC0415 - slow import

    found = make_plan(
        _read(options) if options.release else (),
        release=options.release,
        problems=options.problems,
        models=options.models,
        difference=options.difference,
        discordance=options.discordance,
        level=options.level,
        power=options.power,
    )
    if options.json:
        print(json.dumps(plan_json(found), indent=1, ensure_ascii=False))
    else:
        print_plan(found)
    return 0


def _freeze(options: argparse.Namespace) -> int:
    from report.freeze import freeze  # noqa: PLC0415 - slow import

    print(freeze(_read(options), options.release, as_draft=options.draft).sentence())
    return 0


def _new(options: argparse.Namespace) -> int:
    from harness.ingest.scaffold import new_release  # noqa: PLC0415 - slow import

    new_release(options.results, options.release, earlier=options.earlier)
    print(f"{options.results / options.release} is ready")
    print(f"next: python build.py ingest FILE… --release {options.release}")
    return 0


def _export(options: argparse.Namespace) -> int:
    from report.export import run_export  # noqa: PLC0415 - slow import

    read, render = (lambda: _read(options)), (lambda: _render(options))
    print(run_export(options, read=read, render=render, root=HERE))
    return 0


def _ingest(options: argparse.Namespace) -> int:
    from report.ingested import print_ingested, run_ingest  # noqa: PLC0415 - slow import

    done = run_ingest(options)
    if options.json:
        print(json.dumps(done.as_json(), indent=1, ensure_ascii=False))
    else:
        print_ingested(done)
    return 0


def _publish(options: argparse.Namespace) -> int:
    from report.publish import CheckError, Request, publish  # noqa: PLC0415 - slow import

    given = {
        name: getattr(options, name) for name in Request.__dataclass_fields__ if name in options
    }
    request = Request(repository=options.results, **given)
    try:
        publish(_read(options), request, build=lambda: _build(options), say=print)
    except CheckError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
