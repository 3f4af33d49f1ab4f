"""The workbench of the handlers: rulebooks read and edited as config knows to."""

from collections.abc import Sequence
from functools import lru_cache

from cases.rulebook import Rulebook
from config.checking import SettingsError
from config.rulebook import digest_of, parse_files
from config.rulebook_editing import edited
from handlers.workbench import Edit, Files, RulesFaultError, Workbench


@lru_cache(maxsize=8)  # a draft is read again for each page and each box
def _parsed(identity: int, name: str, number: int, files: tuple[tuple[str, str], ...]) -> Rulebook:
    return parse_files(identity, name, number, dict(files))


def _read(identity: int, name: str, number: int, files: Files) -> Rulebook:
    try:
        return _parsed(identity, name, number, tuple(sorted(files.items())))
    except SettingsError as error:
        raise RulesFaultError(error.faults) from error


def _edit(files: Files, file: str, edits: Sequence[Edit]) -> Files:
    try:
        return edited(files, file, edits)
    except SettingsError as error:
        raise RulesFaultError(error.faults) from error


BENCH = Workbench(_read, _edit, lambda files: digest_of(dict(files)))
