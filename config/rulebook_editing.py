"""Edit single values of a rulebook's files; comments and everything else stay as they stand."""

from collections.abc import Iterable, Mapping

import tomlkit
from tomlkit.exceptions import TOMLKitError

from config.checking import SettingsError

Value = str | int | bool | list[str]
Edit = tuple[tuple[str, ...], Value]  # where in the file, and what stands there from now on


def edited(files: Mapping[str, str], file: str, edits: Iterable[Edit]) -> dict[str, str]:
    """Return the files with values of one of them changed; a list that changes stands a line each.

    Raises:
        SettingsError: the file is not there, is no TOML, or has no such place.
    """
    if file not in files:
        raise SettingsError([f"规则里没有文件 {file}"])
    try:
        document = tomlkit.parse(files[file])
        for path, value in edits:
            _put(document, path, value)
    except TOMLKitError as error:
        raise SettingsError([f"{file} 不是有效的 TOML: {error}"]) from error
    return {**files, file: tomlkit.dumps(document)}


def _put(document: tomlkit.TOMLDocument, path: tuple[str, ...], value: Value) -> None:
    *way, last = path
    place: object = document
    for step in way:
        place = place.get(step) if isinstance(place, Mapping) else None
    if not isinstance(place, dict):
        raise SettingsError([f"规则里没有 {' '.join(path)}"])
    if isinstance(value, list):
        lines = tomlkit.array()
        lines.extend(value)
        place[last] = lines.multiline(multiline=len(value) > 1)
    else:
        place[last] = value
