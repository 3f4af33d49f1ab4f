"""A whole rulebook: the folder's files as kept in the database, and parsed for use."""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from cases.rulebook import Rulebook
from config.rulebook_clocks import load_clocks
from config.rulebook_grading import load_grading
from config.rulebook_scores import load_scores


def read_files(folder: Path) -> dict[str, str]:
    """Return the rulebook's files by name, checked.

    Raises:
        SettingsError: with every fault of them.
    """
    load_grading(folder)
    load_clocks(folder)
    load_scores(folder)
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}


def digest_of(files: dict[str, str]) -> str:
    """Return what tells two versions of a rulebook apart."""
    whole = "\0".join(f"{name}\0{text}" for name, text in sorted(files.items()))
    return hashlib.sha256(whole.encode()).hexdigest()


def parse_files(identity: int, name: str, number: int, files: dict[str, str]) -> Rulebook:
    """Return a version of a rulebook, from the files that the database keeps.

    Raises:
        SettingsError: it was made by a newer program.
    """
    with TemporaryDirectory(prefix="duban-rules-") as place:
        folder = Path(place) / name
        folder.mkdir()
        for file, text in files.items():
            (folder / Path(file).name).write_text(text, encoding="utf-8")
        grading, clocks, scores = load_grading(folder), load_clocks(folder), load_scores(folder)
        return Rulebook(identity, name, number, grading, clocks, scores)


def titles_of(rulebooks: Path) -> dict[str, str]:
    """Return the rulebooks in a folder, each with what its first line says it is for."""
    found = {}
    for folder in sorted(one for one in rulebooks.iterdir() if one.is_dir()):
        first = (folder / "clocks.toml").read_text(encoding="utf-8").split("\n", 1)[0]
        found[folder.name] = first.lstrip("# ").split(":")[0]
    return found
