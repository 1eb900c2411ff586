"""The picture of a shared link: the page's own figures, equal bytes, nothing from texts."""

import struct
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from harness.folder import read_release
from report import numbers
from report.analysis import analyse
from report.document import Page, Version
from report.exhibits.common import Context
from report.mkdocs_build import build_docs
from report.social import PATH, social_files, social_svg, social_words
from report.staging import stage

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = '</text><script>alert(1)</script>" onload="x\ufffe &amp; \u202e'


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parse(svg).iter() if element.text]


def test_the_leaders_figures_are_those_of_the_page(founding: Context) -> None:
    best = founding.analysis.rates_of("passed")[0]
    shown = texts(social_svg(founding, site_name="Bench"))
    assert founding.labels[best.model] in shown
    assert numbers.percent(best.value) in shown
    limits = founding.quantities[f"passed/{best.model}"].interval
    assert limits is not None
    assert f"95% interval {numbers.interval(limits, 'fraction')}" in shown
    assert f"Pass rate, {best.count} of {best.n} problems" in shown
    assert "Bench · v0.1" in shown
    assert founding.analysis.release.title in shown


def test_the_intervals_are_drawn_to_scale(founding: Context) -> None:
    root = parse(social_svg(founding, site_name="Bench"))
    svg = "{http://www.w3.org/2000/svg}"
    lines = list(root.iter(f"{svg}line"))
    drawn = [line for line in lines if line.get("stroke-width") == "5"]
    ticks = [float(line.get("x1", "")) for line in lines if line.get("stroke-width") == "2"]
    labels = [t for t in texts(ET.tostring(root, encoding="unicode")) if t in {"0%", "80%"}]
    assert labels == ["0%", "80%"]
    whole = (ticks[-1] - ticks[0]) / 0.8
    rates = founding.analysis.rates_of("passed")[:6]
    assert len(drawn) == len(rates)
    for line, rate in zip(drawn, rates, strict=True):
        low, high = ((float(line.get(x, "")) - ticks[0]) / whole for x in ("x1", "x2"))
        assert low == pytest.approx(rate.wilson.low, abs=1e-4)
        assert high == pytest.approx(rate.wilson.high, abs=1e-4)


def test_the_picture_has_the_networks_size_and_equal_bytes(
    founding: Context, tmp_path: Path
) -> None:
    one = social_files(founding, site_name="Bench")[PATH]
    assert one.startswith(b"\x89PNG")
    assert struct.unpack(">II", one[16:24]) == (1200, 630)
    kept = Context(founding.analysis, kept=tmp_path)
    assert [social_files(kept, site_name="Bench")[PATH] for _ in range(2)] == [one, one]
    (kept_file,) = tmp_path.rglob("*.png")
    assert kept_file.read_bytes().endswith(one)  # behind its seal


def test_a_hostile_text_draws_nothing_and_fits(small_release: Callable[..., Path]) -> None:
    context = Context(analyse(read_release(small_release(text=HOSTILE * 3))))
    root = parse(social_svg(context, site_name=HOSTILE))
    assert {element.tag.split("}")[1] for element in root.iter()} == {
        *("svg", "rect", "text", "line", "circle")
    }
    assert all("onload" not in element.attrib for element in root.iter())
    assert max(map(len, texts(ET.tostring(root, encoding="unicode")))) < 100
    assert social_files(context, site_name=HOSTILE)[PATH]


@pytest.mark.slow
@pytest.mark.parametrize("url", ["", "https://example.org/bench/"])
def test_only_a_site_with_an_address_names_the_picture(
    url: str, founding: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("report.staging.runtime", lambda **_: "")
    config = tmp_path / "mkdocs.yml"
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    config.write_text(settings.replace('site_url: ""', f'site_url: "{url}"'), "utf-8")
    assert yaml.safe_load(config.read_text("utf-8"))["site_url"] == url
    words = social_words(founding)
    pages = (Page("index.md", 'A "title" <b>', "# A"), Page("x/y.md", "B", "# B", description="D"))
    version = Version("v1", "One", "", False, pages, social=words)
    staged = stage(
        version, folder=tmp_path / "s", config=config, theme=ROOT / "docs/theme", cache=None
    )
    build_docs(staged, into=tmp_path / "site", version="v1", date="")
    home, inner = ((tmp_path / "site" / p).read_text("utf-8") for p in ("index.html", "x/y.html"))
    assert 'property="og:title" content="A &#34;title&#34; &#60;b&#62;"' in home
    assert 'property="og:description" content="D"' in inner
    assert f'"og:description" content="{words.split(":")[0]}' in home
    picture = 'property="og:image" content="https://example.org/bench/v1/data/social.png"'
    for page in (home, inner):
        assert (picture in page) == bool(url)
        assert ("og:image" in page) == bool(url)
        assert f'content="{"summary_large_image" if url else "summary"}"' in page
    assert ('"og:url" content="https://example.org/bench/v1/x/y.html"' in inner) == bool(url)
