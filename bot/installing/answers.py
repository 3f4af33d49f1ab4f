"""What has been answered so far, in a file of the owner alone, so that one can stop and go on."""

import json
import os
from pathlib import Path

NAME = "init-answers.json"


class Answers:
    """Answers by the question's key. No secret is among them: those go into files of their own."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._values: dict[str, str] = {}
        if self._path.is_file():
            found = json.loads(self._path.read_text(encoding="utf-8"))
            self._values = {str(key): str(value) for key, value in found.items()}

    @property
    def path(self) -> Path:
        """Where they are kept."""
        return self._path

    def get(self, key: str) -> str | None:
        """The answer, or None while there is none."""
        return self._values.get(key)

    def put(self, key: str, value: str) -> None:
        """Keep an answer at once: a stop a moment later loses nothing."""
        self._values[key] = value
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self._path, json.dumps(self._values, ensure_ascii=False, indent=1) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
