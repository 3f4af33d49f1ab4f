"""A file sealed in chunks (AES-256-GCM): a changed byte, a swapped chunk and a cut end all show.

Layout: magic, salt, a check of the key, then chunks of one mebibyte, each with its tag. The nonce
counts the chunks and marks the last one, so that a file cut between two chunks is refused too.
"""

import hmac
import secrets
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MAGIC = b"duban-backup-1\n\0"
_SALT, _CHECK, _TAG = 32, 16, 16
_CHUNK = 1 << 20
_HEADER = len(_MAGIC) + _SALT + _CHECK
SHORTEST_KEY = 32  # characters


class UnreadableBackupError(Exception):
    """The file is no whole backup that this key opens; the text says which."""


def _keys(key: str, salt: bytes) -> tuple[AESGCM, bytes]:
    """Return the cipher of one file and the check that tells a wrong key from a damaged file."""
    made = HKDF(SHA256(), 32 + _CHECK, salt, b"duban backup").derive(key.encode())
    return AESGCM(made[:32]), made[32:]


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealer:
    """Seals what is written into a binary file; `finish` seals the end."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        salt = secrets.token_bytes(_SALT)
        self._cipher, check = _keys(key, salt)
        self._header = _MAGIC + salt + check
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        file.write(self._header)

    def write(self, content: bytes) -> int:
        """Take more; one chunk at least stays behind, for it may be the last."""
        self._waiting += content
        while len(self._waiting) > _CHUNK:
            self._seal(bytes(self._waiting[:_CHUNK]), is_last=False)
            del self._waiting[:_CHUNK]
        return len(content)

    def finish(self) -> None:
        """Seal what is left as the last chunk."""
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._number += 1


class Opener:
    """Reads what was sealed; every byte it gives has been authenticated.

    Raises:
        UnreadableBackupError: no backup, another key; from `read`, a changed or cut file.
    """

    def __init__(self, file: BinaryIO, key: str, path: Path) -> None:
        self._header = file.read(_HEADER)
        if len(self._header) < _HEADER or not self._header.startswith(_MAGIC):
            raise UnreadableBackupError(f"{path} 不是督办的备份文件, 或者开头已缺失")
        self._cipher, check = _keys(key, self._header[len(_MAGIC) : -_CHECK])
        if not hmac.compare_digest(check, self._header[-_CHECK:]):
            raise UnreadableBackupError(f"密钥打不开 {path}: 请用做备份时的 [backup] key_file")
        self._file, self._path = file, path
        self._next = file.read(_CHUNK + _TAG)
        self._number = 0
        self._ready = bytearray()
        self._is_over = False

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, fewer only at the end."""
        while len(self._ready) < size and not self._is_over:
            self._ready += self._open()
        given = bytes(self._ready[:size])
        del self._ready[:size]
        return given

    def drain(self) -> None:
        """Read to the authenticated end."""
        while self.read(_CHUNK):
            pass

    def _open(self) -> bytes:
        chunk, self._next = self._next, self._file.read(_CHUNK + _TAG)
        self._is_over = not self._next
        nonce = _nonce(self._number, is_last=self._is_over)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, chunk, self._header)
        except InvalidTag:
            raise UnreadableBackupError(
                f"{self._path} 不完整或被改动 (第 {self._number} 块), 不能用来恢复"
            ) from None
