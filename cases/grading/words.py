"""Finding phrases in Chinese text and judging whether they are stated, denied or left in doubt."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

Meaning_co = TypeVar("Meaning_co", covariant=True)

GAP = 18  # how many characters "…" in a phrase may stand for
LOOK_BACK = 24
FARTHEST = 120  # a sentence without an end is not followed farther
LOOK_AHEAD = 20
_SENTENCE_ENDS = frozenset("。!?;\n")
_CLAUSE_ENDS = _SENTENCE_ENDS | frozenset(',:()"“”')

_FILLER = (
    "造成|发生|出现|有|引起|引发|导致|产生|形成|任何|其他|新的|一名|一人|人员|学生|群众|人|明显|重大|严重|较大"
    "|大规模|大面积|大范围|广泛|进一步|被|遭|受到|受|收到|接到|发现|上|登上|进入|得到|需要|需|再|的|对|一"
    "|师生|工人|乘客|居民|幼儿|医护|村民|旅客|游客|职工|员工|老人|儿童|孩子|患者|市民"
)
_NEGATOR = (
    "没有|(?<![淹沉埋出])没(?!人管|及时|戴|按)|未(?!成年|婚|按|经|及时|戴|系|依法|办|取得|批|来|佩|穿|设|采取|落实|履行|尽)"
    "|无(?!证|牌|照|良|辜|视|故|奈|法|人管|人机|业|名)|并非|不是|非"
    "|不存在|不涉及|不属于|不构成|不会|不至于|不影响|不需要|不需|无需|无须|不必|不易|不太可能|不可能"
    "|不大可能|否认|排除|避免|防止|杜绝|(?<![0-9.])0|零"
)
_DENIED_BEFORE = re.compile(
    rf"(?:{_NEGATOR})(?:{_FILLER}){{0,4}}(?:[^,]{{0,12}}(?:、|及|和|或|与|或者|以及)(?:{_FILLER}){{0,3}})?$"
)
_NOT_EXCLUDED = re.compile(r"(?:不|未|没|没有|无法|不能|难以|尚未)(?:完全)?排除[^,]{0,10}$")
_DENIED_AFTER = re.compile(
    r"(?:的|等|人数|人员)?(?:情况|现象|问题|迹象|苗头|信息)?[:为是]?"
    r"(?:(?:尚|均|都|也|并|暂|仍|还)?(?:未|没有|不存在|没)(?!经|批|来|成年|及时|得到)|0(?![0-9.])|零|无(?!人|法|良|视))"
)
_ASKED_BEFORE = re.compile(
    r"(?:是否|是不是|有无|有没有|会不会|能否|会否|尚不清楚|不清楚|不确定|不知|待核实|待查|待确认|未经证实"
    r"|未经核实|希望|呼吁|想让|争取|蹭|买)[^,]{0,14}$"
)
_RUMOUR_BEFORE = re.compile(
    r"(?:疑似|(?<!质)疑|据传|网传|传言|传闻|谣传|谣言称|谎称|误传|假称|曾因?|去年|前年|多年前|外地(?!游客|务工|人员|工人|来)|外省|类似)[^,]{0,18}$"
)
_LIKELY_BEFORE = re.compile(
    r"(?:可能|或将|恐将|恐(?!慌|怖|吓)|担心|担忧|害怕|怕|以防|谨防|预防|警惕|扬言|威胁|声称要|险些|差点)[^,]{0,14}$"
)
_IF_BEFORE = re.compile(
    r"(?:如果|假如|倘若|一旦|万一|要是|假设|假若|(?<![\u4e00-\u9fff])若(?!干)|否则)"
)
_DOUBTED_AFTER = re.compile(
    r"[^。;\n]{0,30}?(?:不属实|不实|系谣言|为谣言|是谣言|属谣言|辟谣|虚假信息|虚假消息|子虚乌有|误传|与事实不符|尚待|待核实"
    r"|有待核实|未经证实)"
)
_RISK_AFTER = re.compile(r"(?:的|等)?(?:可能|风险|隐患|危险)")
_DRILL = re.compile(r"演练|演习|桌面推演|模拟(?:事故|火灾|舆情)|虚构")
_VERIFIED = re.compile(r"经核实|经查|经调查|经核查|核实后|官方|通报|调查组|实际")


def normal(text: str) -> str:
    """Return the text in one width (NFKC), so that one spelling of a phrase is enough."""
    return unicodedata.normalize("NFKC", text)


@dataclass(frozen=True, slots=True)
class Phrase(Generic[Meaning_co]):
    """Words in order, with gaps of up to GAP characters between them, and what they mean."""

    parts: tuple[str, ...]
    means: Meaning_co


@dataclass(frozen=True, slots=True)
class Hit(Generic[Meaning_co]):
    """Where a phrase stands: its first word at `start`, its last word from `last` to `end`."""

    start: int
    last: int
    end: int
    means: Meaning_co


class Lexicon(Generic[Meaning_co]):
    """Phrases by their first two characters: one walk over the text finds them all.

    A phrase is written "甲|乙…丙|丁": alternatives, and a gap that may cross commas but no
    sentence end. Words have at least two characters.
    """

    __slots__ = ("_heads",)

    def __init__(self, entries: Iterable[tuple[str, Meaning_co]]) -> None:
        heads: dict[str, list[Phrase[Meaning_co]]] = {}
        for written, means in entries:
            for parts in spellings(written):
                heads.setdefault(parts[0][:2], []).append(Phrase(parts, means))
        for phrases in heads.values():
            phrases.sort(key=lambda phrase: -len(phrase.parts[0]))
        self._heads: Mapping[str, tuple[Phrase[Meaning_co], ...]] = {
            head: tuple(phrases) for head, phrases in heads.items()
        }

    def find(self, text: str) -> Iterator[Hit[Meaning_co]]:
        """Yield every phrase found in `text` (already `normal`), in order of its first word."""
        heads = self._heads
        for start in range(len(text) - 1):
            for phrase in heads.get(text[start : start + 2], ()):
                if text.startswith(phrase.parts[0], start):
                    found = _rest(phrase, text, start)
                    if found:
                        yield found


def spellings(written: str) -> Iterator[tuple[str, ...]]:
    """Yield each spelling of a phrase as its words in order."""
    yield from product(
        *(part.split("|") for part in normal(written).replace("...", "…").split("…"))
    )


def _rest(phrase: Phrase[Meaning_co], text: str, start: int) -> Hit[Meaning_co] | None:
    last, end = start, start + len(phrase.parts[0])
    for part in phrase.parts[1:]:
        last = text.find(part, end, end + GAP + len(part))
        if last < 0 or not _SENTENCE_ENDS.isdisjoint(text[end:last]):
            return None
        end = last + len(part)
    return Hit(start, last, end, phrase.means)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence begins and ends that holds `start`..`end`."""
    return _edge_before(text, start, _SENTENCE_ENDS), _edge_after(text, end, _SENTENCE_ENDS)


def clause_before(text: str, start: int) -> str:
    """Return what stands before `start` in its clause, at most LOOK_BACK characters."""
    return text[max(_edge_before(text, start, _CLAUSE_ENDS), start - LOOK_BACK) : start]


def clause_after(text: str, end: int) -> str:
    """Return what stands after `end` in its clause, at most LOOK_AHEAD characters."""
    return text[end : min(_edge_after(text, end, _CLAUSE_ENDS), end + LOOK_AHEAD)]


def _edge_before(text: str, at: int, ends: frozenset[str]) -> int:
    first = max(0, at - FARTHEST)
    while at > first and text[at - 1] not in ends:
        at -= 1
    return at


def _edge_after(text: str, at: int, ends: frozenset[str]) -> int:
    last = min(len(text), at + FARTHEST)
    while at < last and text[at] not in ends:
        at += 1
    return at


@dataclass(frozen=True, slots=True)
class Stance:
    """Whether words are stated (True), denied (False) or in doubt (None), and if verified."""

    stated: bool | None
    verified: bool = False


def stance(text: str, hit: Hit[object], *, likely_counts: bool = False) -> Stance:
    """Judge whether a phrase is stated, denied or in doubt where it stands.

    Args:
        text: the text, `normal`.
        hit: where the phrase stands.
        likely_counts: whether 可能 and the like still mean yes (the clause itself says 可能).
    """
    begin, finish = sentence_around(text, hit.start, hit.end)
    verified = _VERIFIED.search(text, begin, hit.start) is not None
    edges = [(hit.start, clause_before(text, hit.start))]
    if hit.last != hit.start:
        edges.append((hit.last, clause_before(text, hit.last)))
    after = text[hit.end : min(finish, hit.end + LOOK_AHEAD)]
    if any(_denied(before) for _, before in edges) or _DENIED_AFTER.match(after):
        return Stance(stated=False, verified=verified)
    if _doubtful(text, hit, (begin, finish)) or any(
        _unsure(before, likely_counts=likely_counts) for _, before in edges
    ):
        return Stance(stated=None)
    if not likely_counts and _RISK_AFTER.match(after):
        return Stance(stated=None)
    return Stance(stated=True, verified=verified)


def _denied(before: str) -> bool:
    denied = _DENIED_BEFORE.search(before)
    return bool(denied) and not _NOT_EXCLUDED.search(before) and not _ASKED_BEFORE.search(before)


def _unsure(before: str, *, likely_counts: bool) -> bool:
    if _NOT_EXCLUDED.search(before) or _LIKELY_BEFORE.search(before):
        return not likely_counts
    return bool(_ASKED_BEFORE.search(before) or _RUMOUR_BEFORE.search(before))


def _doubtful(text: str, hit: Hit[object], sentence: tuple[int, int]) -> bool:
    begin, finish = sentence
    if finish < len(text) and text[finish] == "?":
        return True
    return bool(
        _IF_BEFORE.search(text, begin, hit.start)
        or _DOUBTED_AFTER.match(text, hit.end, finish)
        or _DRILL.search(text)
    )
