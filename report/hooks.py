"""Which model a mark, a label or a row is about: the hooks by which pages link them together."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

ATTRIBUTE = "data-m"
"""Holds the slugs of the models, separated by spaces."""

Hooks = Mapping[str, str]
"""Slug by label; labels are told apart, so that one names one model."""


def hook(text: str, hooks: Hooks) -> str:
    """Return the slugs of the models that a label names, joined by spaces; empty where none is.

    Charts write "Model", "Model, hard", "Model − Other", and "Long mod…" where room is short.
    """
    found = [
        hooks.get(part) or hooks.get(part.rpartition(", ")[0]) or _begun(part, hooks)
        for part in text.split(" − ")
    ]
    return " ".join(slug for slug in found if slug) if all(found) else ""


def _begun(text: str, hooks: Hooks) -> str | None:
    """The model of a label that was cut, if no other begins like it."""
    if not text.endswith("…"):
        return None
    begin = text.removesuffix("…").rstrip()
    found = {slug for label, slug in hooks.items() if begin and label.startswith(begin)}
    return found.pop() if len(found) == 1 else None


def hook_marks(root: ET.Element, hooks: Hooks) -> None:
    """Hook the marks of a drawing by what they say they are, and its texts by what they show."""
    for element in root.iter():
        said = element.get("aria-label") or (element.text if element.tag == "text" else None)
        if said and (found := hook(said, hooks)):
            element.set(ATTRIBUTE, found)
