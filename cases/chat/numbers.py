"""Numbers as people write them: 3.2万, 1.5w, 10万+, 400多, 3k, 两千, 十几, 破万."""

import re
from decimal import Decimal

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"\u3007": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "亿": 100_000_000, "w": 10_000, "k": 1000, "千": 1000, "百": 100, "十": 10}

# A vague first figure (几百, 数十, 上千, 近万) counts as its least: "400多" is at least 400.
NUMBER = (
    r"(?:[0-9]{1,12}(?:,[0-9]{3}(?![0-9]))*(?:\.[0-9]{1,4})?\s?[多余几来]?\s?(?:[万亿"
    "千百]|[wWkK](?![A-Za-z]))?"
    "|[几数上近过破百千万]?[一二两三四五六七八九十百千万亿零〇]{1,12}[几多]?[万亿千百"
    "]?|[几数][十百千万]万?)[+多余几]?"
)
_ARABIC = re.compile(r"([0-9,]+(?:\.[0-9]+)?)\s?[多余几来]?\s?([万亿千百wWkK]?)")


def value_of(written: str) -> int | None:
    """Return the whole number that `written` says, None if it says none."""
    match = _ARABIC.match(written)
    if match:
        scale = _SCALES.get(match[2].lower(), 1)
        return int(Decimal(match[1].replace(",", "")) * scale)
    return chinese_value(written)


def chinese_value(written: str) -> int | None:
    """Return what Chinese numerals say (两千三 → 2300, 十几 → 10, 上万 → 10000)."""
    total = section = figure = 0
    last = 1
    known = False
    for char in written:
        if char in _DIGITS:
            figure, known = _DIGITS[char], True
            last = 1 if char in "零〇" else last
        elif char in _UNITS:
            section += (figure or 1) * _UNITS[char]
            figure, last, known = 0, _UNITS[char], True
        elif char in "万亿":
            total = (total + section + figure or 1) * _SCALES[char]
            section = figure = 0
            last, known = _SCALES[char], True
    if not known:
        return None
    return total + section + figure * max(last // 10, 1)
