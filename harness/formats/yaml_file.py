"""YAML of a harness, read plainly: no aliases, no keys twice, every entry with its line."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import yaml

from harness.errors import ResultFileError
from harness.formats.files import read_bytes
from harness.formats.place import Place

LARGEST = 64 * 1024**2  # bytes; such files are written by hand


def yaml_entries(path: Path, *, used: Collection[str]) -> list[Place]:
    """Read a YAML list, one place for each entry with the line it begins on.

    Parameters
    ----------
    path
        The file.
    used
        Keys whose values the caller uses; none of them may be what the file ends in, without a
        line end.

    Raises
    ------
    ResultFileError
        No YAML, no list, an alias or anchor, a tag, a key twice, nested too deep, above
        64 MB, a used value that may have been cut off.
    """
    data = read_bytes(path)
    if len(data) > LARGEST:
        raise ResultFileError(
            path, found=f"{len(data):,} bytes", expected=f"at most {LARGEST:,} bytes of YAML"
        )
    loader = _loader(path, data)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.SequenceNode):
            raise ResultFileError(path, line=1, found="no list", expected="a YAML list of runs")
        _check_end(path, data, node.value, used)
        return [_entry(path, loader, at, item) for at, item in enumerate(node.value)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ResultFileError(
            path,
            line=mark.line + 1 if mark else None,
            found=f"not YAML from here on ({error.problem})",
            expected="whole YAML",
            way_out="Copy the file again; it may have been cut off.",
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ResultFileError(
            path, found=f"no YAML ({str(error).splitlines()[0]})", expected="whole YAML"
        ) from error
    finally:
        loader.dispose()


def _check_end(
    path: Path, data: bytes, entries: Sequence[yaml.Node], used: Collection[str]
) -> None:
    """Refuse a value that is used and ends with the file: a number cut in two is still one."""
    last = entries[-1] if entries else None
    if data[-1:] in {b"\n", b"\r"} or not isinstance(last, yaml.MappingNode) or not last.value:
        return
    key, value = last.value[-1]
    if key.value in used:
        raise ResultFileError(
            path,
            line=value.start_mark.line + 1,
            field=str(key.value),
            found="the file ends within this line",
            expected="a line end after it",
            way_out="If it is whole, add a line end; else the file was cut off: copy it again.",
        )


class _Loader(yaml.SafeLoader):
    """The safe loader without what data written by hand has no need of."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse aliases and anchors: a few bytes of them can stand for gigabytes."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.composer.ComposerError(None, None, "aliases are not read", event.start_mark)
        return super().compose_node(parent, index)


def _loader(path: Path, data: bytes) -> _Loader:
    try:
        return _Loader(data.decode("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ResultFileError(
            path, found="bytes that are no UTF-8 text", expected="YAML in UTF-8"
        ) from error


def _entry(path: Path, loader: _Loader, at: int, node: yaml.Node) -> Place:
    line = node.start_mark.line + 1
    _check_keys(path, node, line)
    return Place(path, loader.construct_object(node, deep=True), (at,), line)


def _check_keys(path: Path, node: yaml.Node, line: int) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    seen = set()
    for key, _ in node.value:
        if key.value in seen:
            raise ResultFileError(
                path,
                line=key.start_mark.line + 1,
                field=str(key.value),
                found="the key stands twice in one entry",
                expected="each key once",
                way_out=f"Which of the two holds for the entry of line {line}? Delete the other.",
            )
        seen.add(key.value)
