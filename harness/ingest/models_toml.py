"""New models at the end of models.toml; what stands there already keeps every byte."""

import json
import re
from collections.abc import Sequence

from harness.errors import ResultFileError
from harness.toml_file import TomlFile


def with_models(
    data: bytes, models: TomlFile, new: Sequence[tuple[str, str, Sequence[str]]]
) -> bytes:
    """Append models to the bytes of a models.toml.

    Parameters
    ----------
    data
        The file as it is.
    models
        The same, parsed.
    new
        Id, name and aliases of each model to add.

    Raises
    ------
    ResultFileError
        The models stand in one array in brackets, to which no table can be appended.
    """
    if not new:
        return data
    tables = re.search(rb"^\s*\[\[\s*models\s*\]\]", data, re.MULTILINE)
    if models.document.get("models") and not tables:
        raise models.error(
            ("models",),
            found="models in one list in brackets",
            expected="a [[models]] table for each",
            way_out=f"Add {', '.join(identity for identity, _, _ in new)} to the list yourself.",
        )
    end = "\r\n" if b"\r\n" in data else "\n"
    text = "".join(_table(*model) for model in new).replace("\n", end)
    gap = "" if not data or data.endswith(b"\n") else end
    return data + (gap + text).encode()


def _table(identity: str, name: str, aliases: Sequence[str]) -> str:
    lines = ["", "[[models]]", f"id = {_quoted(identity)}", f"name = {_quoted(name)}"]
    if aliases:
        lines.append(f"aliases = [{', '.join(_quoted(alias) for alias in aliases)}]")
    lines.append('group = "other"')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Write a basic string of TOML: JSON's, and DEL escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def check_names(models: TomlFile, new: Sequence[tuple[str, str, Sequence[str]]]) -> None:
    """Refuse a name that models.toml could not hold."""
    for _, name, _ in new:
        if not 0 < len(name.strip()) <= 200:
            raise ResultFileError(
                models.path,
                field="name",
                found=f"a model's name of {len(name)} characters",
                expected="1 to 200 characters",
                way_out="Name the model with --model.",
            )
