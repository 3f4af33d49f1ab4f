"""Seals what stands in the database for all replicas: reading the database tells none of it.

Whoever could read the access token there would speak as duban for two hours (G01).
"""

import secrets
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class TokenSeal:
    """AES-256-GCM under a key made of the app's secret, which all its replicas have."""

    def __init__(self, secret: str) -> None:
        key = HKDF(SHA256(), 32, None, b"duban access token").derive(secret.encode())
        self._cipher = AESGCM(key)

    def seal(self, token: str) -> str:
        """Return the token sealed, as text."""
        nonce = secrets.token_bytes(_NONCE)
        return b64encode(nonce + self._cipher.encrypt(nonce, token.encode(), None)).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed; "" for what was sealed under another secret, or not at all."""
        try:
            raw = b64decode(sealed, validate=True)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
        except (ValueError, InvalidTag):
            return ""
