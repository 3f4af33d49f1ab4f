"""The mark of a drill: whoever reads a line of it sees at once that nothing has happened."""

import unicodedata

MARK = "【演练】"
_SPELLINGS = ("【演练】", "[演练]", "(演练)")


def marked(text: str) -> str:
    """Return `text` beginning with the mark, once."""
    return text if text.startswith(MARK) else MARK + text


def unmarked(text: str) -> str | None:
    """Return what stands behind the mark that `text` begins with, None where it has none."""
    plain = text.lstrip()
    for spelling in _SPELLINGS:
        # Full-width brackets are typed as often as half-width ones; the rest is kept as typed.
        if unicodedata.normalize("NFKC", plain[: len(spelling)]) == spelling:
            return plain[len(spelling) :].lstrip(" :：,，")
    return None


def link_key(key: str, drill: int | None) -> str:
    """Return under what key a link is known: one of a drill never meets a real case."""
    return key if drill is None else f"drill:{drill}:{key}"
