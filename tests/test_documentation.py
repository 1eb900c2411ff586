"""What the documents say of the code is true."""

import re
from pathlib import Path

from report.exhibits import FIGURES, TABLES

ROOT = Path(__file__).resolve().parents[1]


def words(heading: str) -> set[str]:
    text = (ROOT / "docs" / "WRITING.md").read_text("utf-8")
    (paragraph,) = re.findall(rf"^{heading}: (.*?)\n\n", text, flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`(\w+)`", paragraph))


def test_every_exhibit_is_documented_for_writers() -> None:
    assert words("Figures") == set(FIGURES)
    assert words("Tables") == set(TABLES)


def test_the_readme_names_both_commands_and_existing_files() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make site" in text
    assert "make test" in text
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
