"""Compare NOTICE with the licences of what runs: `python -m bench.licences` (1 if one is missing).

Every locked library that runs with the product and is not under MIT, BSD, Apache, ISC, PSF or the
public domain has to be named in NOTICE with its licence.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

HOME = Path(__file__).parents[1]
_FREE = re.compile(
    r"\b(?:MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|Public Domain|Unlicense|HPND)\b",
    re.IGNORECASE,
)
_SAYS = ("License-Expression", "License")


def locked() -> list[str]:
    """The names of the libraries that run."""
    text = (HOME / "requirements.txt").read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)", text, re.MULTILINE)


def licence(name: str) -> str:
    """What a library's own metadata say; "" where it is not installed on this machine."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    said = [str(found[key]).splitlines()[0] for key in _SAYS if found[key]]
    said += [kind for kind in found.get_all("Classifier") or [] if "License ::" in kind]
    return "; ".join(said) or "?"


def unnamed() -> list[str]:
    """Libraries under other licences that NOTICE does not name, each with what it says."""
    notice = (HOME / "NOTICE").read_text(encoding="utf-8").lower()
    odd = {name: said for name in locked() if (said := licence(name)) and not _FREE.search(said)}
    return [f"{name}: {said}" for name, said in odd.items() if name not in notice]


def main() -> int:
    """Print what is missing."""
    missing = unnamed()
    for line in missing:
        sys.stdout.write(f"NOTICE does not name {line}\n")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
