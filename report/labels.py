"""How models are called on a page: one line, visible characters only, no two alike."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import count

from harness.release import Release
from report.html import plain

LONGEST = 60
"""Characters; a longer name is cut in charts and tables and whole in the downloads."""


def model_labels(release: Release) -> dict[str, str]:
    """Label of each model id; names that look alike once cleaned get their id behind them."""
    labels = {model.id: _cut(plain(model.name)) or model.id for model in release.models}
    return _told_apart(labels)


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"


def _told_apart(labels: dict[str, str]) -> dict[str, str]:
    seen = Counter(label.casefold() for label in labels.values())
    return {
        key: f"{label} ({key})" if seen[label.casefold()] > 1 else label
        for key, label in labels.items()
    }


def slug(*parts: str) -> str:
    """Join parts to an id of lower-case letters, digits and hyphens, fit for a file."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def model_slugs(release: Release) -> dict[str, str]:
    """Slug of each model id; ids that differ only in punctuation get a number."""
    slugs: dict[str, str] = {}
    for model in release.models:
        own = slug(model.id) or "model"
        taken = set(slugs.values())
        numbered = (f"{own}-{i}" for i in count(2))
        slugs[model.id] = own if own not in taken else next(s for s in numbered if s not in taken)
    return slugs


def listed(items: Iterable[str]) -> str:
    """Join names as a sentence does: "a", "a and b", "a, b and c"."""
    *rest, last = list(items) or [""]
    return f"{', '.join(rest)} and {last}" if rest else last
