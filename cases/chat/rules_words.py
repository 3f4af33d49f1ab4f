"""应用到在办: the wish to let open cases follow the rules in force, and its confirmation."""

import re
import unicodedata

_SHOW = re.compile(
    r"^(?:请)?(?:把)?(?:新|现行)?(?:规则册?|时限|规定)?应用到(?:全部|所有)?在办(?:件|案件|的件)?[。!]?$"
)
_CONFIRM = re.compile(r"^确认应用到在办 (?P<id>[0-9]{1,9})$")


def rules_wish(text: str) -> int | None:
    """Return the rulebook whose use is confirmed, 0 where it is to be shown, None: neither."""
    said = unicodedata.normalize("NFKC", text).strip()
    confirmed = _CONFIRM.match(said)
    if confirmed:
        return int(confirmed["id"])
    return 0 if _SHOW.match(said) else None
