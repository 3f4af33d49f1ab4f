"""Statements made before that a new text would contradict: shown to the drafter, who decides.

Two sentences are compared where they speak of the same thing; what differs is a yes against a no,
or a number against another one of the same thing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SENTENCE = re.compile("[^。!?;；！？\n]+")
_OPPOSITE = (
    ("不收取", "收取"),
    ("不收费", "收费"),
    ("不属于", "属于"),
    ("未超标", "超标"),
    ("不合格", "合格"),
    ("不达标", "达标"),
    ("不存在", "存在"),
    ("未造成", "造成"),
    ("未恢复", "恢复"),
    ("不属实", "属实"),
    ("无关", "有关"),
    ("不允许", "允许"),
    ("不需要", "需要"),
    ("免费", "收费"),
)
_NUMBER = re.compile(
    "(?P<noun>[\u4e00-\u9fff]{2,6}?)(?:为|是|每[\u4e00-\u9fff]{1,2}|约|共|:)?\\s?"
    "(?P<n>[0-9]+(?:\\.[0-9]+)?)(?P<unit>万?元|%|个?工作日|天|小时|分钟|人|户|吨|米|公里|次)"
)
_CJK = re.compile("[\u4e00-\u9fff]")
_SHARED = 3  # characters beside the opposite words that two sentences must share
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sentence said before, the one of the new text against it, and what differs."""

    number: str  # of the case in which it was said
    before: str
    now: str
    what: str


def contradictions(text: str, said: Iterable[tuple[str, str]]) -> tuple[Contradiction, ...]:
    """Return what in `text` is against the texts said before, each (case number, text)."""
    now = _sentences(text)
    found: dict[tuple[str, str], Contradiction] = {}
    for number, earlier in said:
        for before in _sentences(earlier):
            for sentence in now:
                for what in (*_opposite(before, sentence), *_numbers(before, sentence)):
                    one = Contradiction(number, before, sentence, what)
                    found.setdefault((sentence, what), one)
    return tuple(found.values())


def _sentences(text: str) -> list[str]:
    return [one.strip() for one in _SENTENCE.findall(text) if len(one.strip()) >= _SHORTEST]


def _opposite(before: str, now: str) -> Iterator[str]:
    for no, yes in _OPPOSITE:
        in_before, in_now = _stand(before, no, yes), _stand(now, no, yes)
        if in_before and in_now and in_before != in_now and _same_matter(before, now, no + yes):
            yield f"此前说「{in_before}」, 现在说「{in_now}」"


def _stand(sentence: str, no: str, yes: str) -> str:
    if no in sentence:
        return no
    return yes if yes in sentence else ""


def _same_matter(one: str, other: str, leaving_out: str) -> bool:
    common = set(_CJK.findall(one)) & set(_CJK.findall(other)) - set(leaving_out)
    pairs = {one[n : n + 2] for n in range(len(one) - 1)}
    shared = [other[n : n + 2] for n in range(len(other) - 1) if other[n : n + 2] in pairs]
    return len(common) >= _SHARED and any(not set(pair) & set(leaving_out) for pair in shared)


def _numbers(before: str, now: str) -> Iterator[str]:
    was = {(m["noun"][-2:], m["unit"]): m["n"] for m in _NUMBER.finditer(before)}
    for match in _NUMBER.finditer(now):
        known = was.get((match["noun"][-2:], match["unit"]))
        if known is not None and float(known) != float(match["n"]):
            unit = match["unit"]
            yield f"此前说「{match['noun']}{known}{unit}」, 现在说「{match['n']}{unit}」"
