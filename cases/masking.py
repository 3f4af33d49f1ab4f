"""What must not be kept: ID and phone numbers are masked, classified matter is stopped."""

import re
import unicodedata
from collections.abc import Collection

_GAP = "[\u200b-\u200d\u2060\ufeff]*"  # people hide digits behind characters nobody sees
_SEPARATOR = rf"(?:{_GAP}[ \u00a0.\-\u2010-\u2015]?{_GAP})"


def _digits(count: int) -> str:
    return _GAP.join(["[0-9]"] * count)


_BIRTH = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_SENSITIVE = re.compile(
    r"(?P<url>(?i:https?://|www\.)[!-~]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/[!-~]*)"
    rf"|(?<![0-9])(?P<id>[1-9][0-9]{{5}}{_SEPARATOR}(?:18|19|20)[0-9]{{2}}{_BIRTH}{_SEPARATOR}"
    rf"[0-9]{{3}}[0-9Xx]|[1-9][0-9]{{7}}{_BIRTH}[0-9]{{3}})(?![0-9Xx])"
    rf"|(?<![0-9])(?:\+?(?:00)?86{_SEPARATOR})?(?P<mobile>1{_GAP}[3-9]{_GAP}[0-9]{_SEPARATOR}"
    rf"{_digits(4)}{_SEPARATOR}{_digits(4)})(?![0-9])"
    r"|(?<![0-9])(?P<landline>\(?0[0-9]{2,3}\)?[- ]?[2-9][0-9]{6,7}|0[0-9]{2,3}-[0-9]{7,8})"
    r"(?![0-9])"
)
_OFFICE = re.compile(
    "局|委|办|厅|处|科|所|站|院|校|馆|社|队|政府|街道|镇|中心|热线|公司|物业"
    "|值班|咨询|监督|举报|服务|单位"
)
_OFFICE_NEAR = 16  # characters before a landline in which its office stands
_WIDE_DIGITS = {0xFF10 + n: ord("0") + n for n in range(10)} | {0xFF38: "X", 0xFF58: "x"}
_NUMBER = re.compile("[0-9Xx]")


def mask(text: str, published: Collection[str] = ()) -> str:
    """Return `text` with ID and phone numbers masked: 138****8000.

    URLs are left alone (a number in one is an id of its site), and so are phones that offices
    publish: those in `published`, and landlines that stand right after an office's name. A mobile
    number is masked unless it is in `published`.
    """
    narrow = text.translate(_WIDE_DIGITS)
    known = {_bare(number) for number in published}
    parts = []
    end = 0
    for match in _SENSITIVE.finditer(narrow):
        kind = match.lastgroup or ""
        if kind == "url" or _bare(match[kind]) in known:
            continue
        if kind == "landline" and _is_offices(narrow[: match.start()]):
            continue
        parts += [text[end : match.start(kind)], _masked(_bare(match[kind]), kind)]
        end = match.end(kind)
    return "".join(parts) + text[end:]


def _bare(number: str) -> str:
    return "".join(_NUMBER.findall(number))


def _is_offices(before: str) -> bool:
    sentence = re.split("[。;；!！?？\n]", before[-_OFFICE_NEAR:])[-1]
    return _OFFICE.search(sentence) is not None


def _masked(number: str, kind: str) -> str:
    shown = 2 if kind == "id" else 4
    return number[:3] + "*" * (len(number) - 3 - shown) + number[-shown:]


# Markings and words that papers with 国家秘密 carry. 手机密码 and 司机密切 are none; nor is talk
# about the law, or the statement that something is not 涉密.
_CLASSIFIED = re.compile(
    r"[绝机秘][ \t]*密[ \t]*[★☆*]"
    r"|(?m:^[ \t]*[【\[(（]?[ \t]*[绝机秘][ \t]*密[ \t]*[】\])）]?[ \t]*$)"
    r"|绝密|[机秘]密(?:级|文件|电报|材料|资料)"
    r"|(?<![手司飞主耳契时商业])机密(?![码切集布封度钥闭室接])"
    r"|(?<!保守)(?<!不涉及)(?<!不属于)(?<!未涉及)(?<!不含)(?:国家|军事|工作)秘密(?!法)"
    r"|(?<![不非无未])(?<!是否)(?<!没有)(?<!不是)(?<!不属于)涉密(?!问题)"
    r"|(?<!无)密级|保密期限|密码电报|机要(?:件|文件|电报)|内部明电"
    r"|部队番号|兵力部署|作战(?:计划|部署|方案)"
)


def classified_reason(text: str) -> str | None:
    """Return why `text` may be classified matter (decision 28), or None.

    The reason quotes only the marking, so that it can be shown and kept.
    """
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    found = _CLASSIFIED.search(visible)
    return f"文中有“{' '.join(found[0].split())}”字样" if found else None
