"""The `state` of a sign-in: made by us, bound to one browser, ten minutes old at most (R22).

Nothing is kept of a state that is given out, so that strangers who ask for thousands cost
nothing; what has been used is remembered by whoever takes it back.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from datetime import UTC, datetime, timedelta

LIVES = timedelta(minutes=10)
_STATE = re.compile(r"(?P<at>[0-9a-f]{8})(?P<nonce>[0-9a-f]{32})(?P<mac>[0-9a-f]{64})")
_ENTRY = re.compile(r"(?P<id>[0-9a-f]{32})\.(?P<next>[0-9A-Za-z_=-]{0,120})")
_OUR_PATHS = re.compile(
    r"/|/board|/statistics|/sessions|/admin(?:/[a-z]{1,12})?|/case/YQ-[0-9]{8}-[0-9]{3,6}"
)


def new_state(key: bytes, entry: str, now: datetime) -> str:
    """Return a state for the browser that holds the cookie `entry`: 104 letters and digits."""
    said = f"{int(now.timestamp()):08x}{secrets.token_hex(16)}"
    return said + _mac(key, said, entry)


def is_good(key: bytes, entry: str, state: str, now: datetime) -> bool:
    """Whether we made this state for this browser in the last ten minutes."""
    found, held = _STATE.fullmatch(state), _ENTRY.fullmatch(entry)
    if found is None or held is None:
        return False
    said = found["at"] + found["nonce"]
    if not hmac.compare_digest(_mac(key, said, entry), found["mac"]):
        return False
    made_at = datetime.fromtimestamp(int(found["at"], 16), UTC)
    return timedelta(seconds=-1) < now - made_at <= LIVES


def _mac(key: bytes, said: str, entry: str) -> str:
    return hmac.new(key, f"{said}.{entry.partition('.')[0]}".encode(), "sha256").hexdigest()


def new_entry(old: str, path: str) -> str:
    """Return the cookie of a sign-in that leads to `path`; tabs of one browser share its id."""
    held = _ENTRY.fullmatch(old)
    identity = held["id"] if held else secrets.token_hex(16)
    return f"{identity}.{urlsafe_b64encode(safe_path(path).encode()).decode()}"


def path_of(entry: str) -> str:
    """Return where a sign-in leads to, / for whatever is not one of our pages."""
    held = _ENTRY.fullmatch(entry)
    if held is None:
        return "/"
    try:
        return safe_path(urlsafe_b64decode(held["next"]).decode())
    except (NotBase64Error, UnicodeDecodeError):
        return "/"


def safe_path(path: str) -> str:
    """Return the path if it is one of our pages, else / (E04): no site, no query."""
    return path if _OUR_PATHS.fullmatch(path) else "/"
