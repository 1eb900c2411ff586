"""Which model of the release a name in a file is: by id, name or alias, never by likeness."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import ResultFileError
from harness.formats.paths import names_from_folders
from harness.formats.remote import Remote
from harness.ingest.sources import Source
from harness.raw import tables_of
from harness.text import folded, normalised, shown
from harness.toml_file import TomlFile


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a source uses, and the model it was taken for.

    Attributes
    ----------
    raw
        What the rows of the source hold; None where they name no model.
    word
        The name it was looked up by.
    where
        Where the word comes from, for people.
    id, name
        The model of the release.
    new
        Whether the release did not know it.
    """

    raw: str | None
    word: str
    where: str
    id: str
    name: str
    new: bool


def words_of(
    sources: Sequence[Source],
    raws: Sequence[Sequence[str | None]],
    given: Sequence[str],
) -> list[dict[str | None, tuple[str, str]]]:
    """Give the name of each model in each source, and where the name comes from.

    Parameters
    ----------
    sources
        The files.
    raws
        For each source, what stands in its rows' model column.
    given
        ``--model``: nothing, one name for all files, or one for each.

    Raises
    ------
    ResultFileError
        A file holds no result, or names no model and no folder name tells the files apart; or
        ``--model`` is given for a file that holds several models, or another number of times than
        there are files.
    """
    if len(given) not in {0, 1, len(sources)}:
        raise ResultFileError(
            sources[0].path,
            field="--model",
            found=f"{len(given)} names for {len(sources)} files",
            expected="one name for all files, or one for each in their order",
        )
    for source, raw in zip(sources, raws, strict=True):
        if not raw:
            raise ResultFileError(
                source.path,
                found=f"no result ({source.format.title})",
                expected="at least one",
                way_out="Did the run end before it wrote its results?",
            )
    nameless = [s.path for s, raw in zip(sources, raws, strict=True) if None in raw]
    folders = names_from_folders([p for p in nameless if not isinstance(p, Remote)])
    found = []
    for position, (source, raw) in enumerate(zip(sources, raws, strict=True)):
        if given:
            name = normalised(given[position if len(given) > 1 else 0])
            found.append(_given(source, raw, name))
        elif None in raw:
            folder = folders.get(source.path)
            word = (folder.name, folder.source) if folder is not None else None
            found.append({None: _from_folder(source, raw, word)})
        else:
            found.append({name: (str(name), "the file") for name in raw})
    return found


def _given(
    source: Source, raw: Sequence[str | None], name: str
) -> dict[str | None, tuple[str, str]]:
    if len(raw) > 1:
        raise ResultFileError(
            source.path,
            field="--model",
            found=f"a file of {len(raw)} models",
            expected="a file of one model",
            way_out="Leave --model out: the file names its models.",
        )
    return {raw[0]: (name, "--model")}


def _from_folder(
    source: Source, raw: Sequence[str | None], folder: tuple[str, str] | None
) -> tuple[str, str]:
    if len(raw) > 1:
        raise ResultFileError(
            source.path,
            field="model",
            found="rows without a model beside rows with one",
            expected="a model in every row, or in none",
        )
    if folder is not None:
        return folder
    near = source.path.absolute().parent.name
    raise ResultFileError(
        source.path,
        field="model",
        found="the file does not name its model, and no folder name tells the given files apart",
        expected="a name",
        way_out=f"Say it: --model {json.dumps(near, ensure_ascii=False)}, if that is the model.",
    )


def identify(
    words: Mapping[str, str], models: TomlFile, *, path_of: Mapping[str, Path]
) -> dict[str, tuple[str, str, bool]]:
    """Find the model of each word in models.toml, or make a new one.

    Parameters
    ----------
    words
        The names to look up, each with the name that readers should see.
    models
        The release's models.toml.
    path_of
        The file that used each word, for the messages.

    Returns
    -------
    dict
        For each word: id, name, and whether the model is new.

    Raises
    ------
    ResultFileError
        A name that differs from a known one, or from another new one, only in case, spaces and
        punctuation: one model in two spellings is not guessed at.
    """
    _two_spellings(list(words), path_of)
    known = list(_known(models))
    ids = {identity for _, identity, _ in known}
    found: dict[str, tuple[str, str, bool]] = {}
    for word, display in words.items():
        match = _match(word, known) or _match(display, known)
        if match is None:
            _near(word, known, models, path_of[word])
            identity = _new_id(display, ids)
            ids.add(identity)
            found[word] = (identity, display, True)
        else:
            found[word] = (*match, False)
    return found


def _known(models: TomlFile) -> Iterator[tuple[str, str, str]]:
    """Yield each id, name and alias with the id and name of its model."""
    for _, item in tables_of(models, "models"):
        name = str(item.get("name", item["id"]))
        aliases = item.get("aliases", [])
        for word in (item["id"], name, *(aliases if isinstance(aliases, list) else ())):
            if isinstance(word, str):
                yield word, item["id"], name


def _match(word: str, known: Sequence[tuple[str, str, str]]) -> tuple[str, str] | None:
    """Look a word up as models.toml does itself: names are equal but for case and outer spaces."""
    for candidate, identity, name in known:
        if folded(candidate) == folded(word):
            return identity, name
    return None


def _two_spellings(words: Sequence[str], path_of: Mapping[str, Path]) -> None:
    first: dict[str, str] = {}
    for word in words:
        earlier = first.setdefault(_squashed(word), word)
        if earlier != word:
            raise ResultFileError(
                path_of[word],
                field="model",
                found=f"{shown(word)}, beside {shown(earlier)}",
                expected="each model in one spelling",
                way_out="If they are one model, write one spelling in both files, or list both in "
                "its aliases in models.toml; if they are two, name them apart.",
            )


def _near(word: str, known: Sequence[tuple[str, str, str]], models: TomlFile, path: Path) -> None:
    for candidate, identity, _ in known:
        if _squashed(candidate) == _squashed(word):
            raise ResultFileError(
                path,
                field="model",
                found=f"{shown(word)}, nearly {shown(candidate)} of {models.path.name}",
                expected="a model's id, name or alias, or a name of its own",
                way_out=f"If it is {shown(identity)}, add it there: "
                f"aliases = [{json.dumps(word, ensure_ascii=False)}]; if not, describe it there.",
            )


def _squashed(word: str) -> str:
    """Reduce a name to its letters and digits; a point between digits stays: 1.5 is not 15."""
    text = re.sub(r"(?<=\d)[^\w+]+(?=\d)", ".", folded(word))
    return re.sub(r"[^\w.+]|_|(?<!\d)\.|\.(?!\d)", "", text)


def _new_id(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("+", " plus ")).encode("ascii", "ignore")
    slug = re.sub(r"[^a-z0-9._]+", "-", plain.decode().casefold()).strip("-._")[:56].strip("-._")
    slug = slug or "model-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    number, unique = 2, slug
    while unique in {identity.casefold() for identity in taken}:
        number, unique = number + 1, f"{slug}-{number}"
    return unique
