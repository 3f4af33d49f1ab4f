"""Files of evidence in their folder: each under the name of its own digest, on disk for certain."""

import hashlib
import os
import secrets
from pathlib import Path

from cases.media_type import MediaType
from storage.evidence import KeptFile


def keep_file(folder: Path, content: bytes, found: MediaType) -> KeptFile:
    """Write a file that was looked at. The folder is made with the first file, for its owner.

    Raises:
        OSError: the disk does not take it.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = Path(digest[:2]) / f"{digest}.{found.ending}"
    place = folder / path
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.parent.mkdir(exist_ok=True, mode=0o700)
    draft = place.with_suffix(f".{secrets.token_hex(4)}.part")  # two may bring the same at once
    with draft.open("wb") as out:
        os.fchmod(out.fileno(), 0o600)
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(place)
    _sync_folder(place.parent)
    return KeptFile(digest, len(content), found.name, path.as_posix())


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
