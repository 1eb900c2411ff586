"""The colours of charts against the ground they are drawn on: axe cannot judge words in a chart."""

import re

import pytest

from report.palette import STYLE_SHEET, light_colours

WORDS, MARKS = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for what a chart is read by


def dark_colours() -> dict[str, str]:
    block = re.search(
        r'\[data-md-color-scheme="slate"\]\s*\{(.*?)\}', STYLE_SHEET.read_text("utf-8"), re.DOTALL
    )
    assert block
    return dict(re.findall(r"--bp-([a-z0-9-]+):\s*(#[0-9a-f]{6})\s*;", block[1]))


def luminance(colour: str) -> float:
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return sum(w * s for w, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_worked_by_hand() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # as WebAIM has it


@pytest.mark.parametrize("colours", [light_colours(), dark_colours()], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("name", "least"),
    [("text", WORDS), ("muted", WORDS)] + [(m, MARKS) for m in ("focus", "other", "up", "down")],
)
def test_words_and_marks_stand_out(colours: dict[str, str], name: str, least: float) -> None:
    assert contrast(colours[name], colours["surface"]) >= least
