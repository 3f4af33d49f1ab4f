"""Checks the text of a public answer before anybody is bothered with it (域 4.3: 回应稿四要素).

A finding names what is missing or wrong and how to mend it. Some must be mended; the others the
unit may overrule, and the office then sees them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cases.chat.numbers import value_of
from cases.masking import mask
from cases.named_people import named_complainants, named_minors


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, in Chinese with how; `must`: nobody may overrule it."""

    name: str
    text: str
    must: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the case has said before: the verdict and the statements, oldest first."""

    verdict: str = ""
    statements: tuple[str, ...] = ()
    phones: tuple[str, ...] = field(default=())  # office phones that are published


_PARTS = (
    (
        "核实情况",
        re.compile("经(?:现场)?(?:调?查|核查?|了解|勘查|检[测查]|认定)|核实|查明|调查|属实|不实"),
        "写明查到什么, 如「经核实, …」",
    ),
    (
        "依据",
        re.compile("依据|根据|依照|按照|《[^》]{2,40}》|[法规章]?[条例]?第[^条]{1,8}条|依法|标准"),
        "写明按哪条规定, 如「根据《城市排水条例》…」",
    ),
    (
        "已作处理",
        re.compile(
            "已(?:经)?(?!收悉|收到|知悉|关注|获悉|转|阅)|责令|约谈|立案|停业|问责|恢复|修复|整改(?:完|到位)"
        ),
        "写明已经做了什么, 如「已于20日疏通」",
    ),
    (
        "下一步",
        re.compile("下一?步|接下来|今后|后续|将(?!近|军|士|领)|举一反三|进一步|定期|持续|前完成"),
        "写明还要做什么、何时做完, 如「下一步, 11月25日前完成清淤」",
    ),
    (
        "联系电话",
        re.compile(
            r"(?<![0-9])(?:[0-9]{3,4}-[0-9]{7,8}|12345|[48]00-?[0-9]{3}-?[0-9]{4})(?![0-9])"
            r"|(?:电话|热线)[:: ]{0,2}[0-9-]{5,13}"
        ),
        "末尾写责任单位和联系电话",
    ),
)
_VAGUE = re.compile("近期|近日内|尽快|即将|尽早|早日|适时|择机|不日")
_DOOR = re.compile(
    "[0-9A-Za-z一二三四五六七八九十]{1,4}(?:号楼|栋|幢|座)[^,。;]{0,6}?[0-9]{2,4}(?:室|号|户)"
    "|[0-9]{1,3}单元[0-9]{2,4}"
)
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.]?[A-Z0-9]{5,6}(?![A-Z0-9])"
)
_TRUE = re.compile("(?<![不部分基本])属实")
_PARTLY = re.compile("部分属实|基本属实|部分内容属实")
_FALSE = re.compile("不属实|不实(?!施|行)|失实|查无实据|谣言|子虚乌有")
_COUNT = re.compile(
    "(?<![0-9.-])(?P<n>[0-9]{1,7}(?:[.][0-9]{1,2})?|[一二两三四五六七八九十百]{1,4})"
    "(?P<unit>[余多]?(?:名|人|户|起|辆|家|台|处|间|栋|例|头|亩|吨|米|厘米|公里|万?元))"
    "(?P<of>[\u4e00-\u9fff]{0,4})"
)
_NO_HARM = re.compile("(?:无|没有|未造成|未发生)(?:任何)?(?:人员)?(?:伤亡|受伤)|零伤亡")
_HARM = re.compile(
    "[0-9一二两三四五六七八九十]+(?:名|人|个)[^,。;]{0,6}(?:死亡|遇难|受伤|轻伤|重伤|骨折)"
)
_SIGNIFICANT = 2  # characters of the noun that must agree for two counts to be of the same thing


def check(text: str, earlier: Earlier) -> tuple[Finding, ...]:
    """Return what is to be mended in `text`, the gravest first; () when it is in order."""
    found = [*_privacy(text, earlier), *_against_verdict(text, earlier), *_numbers(text, earlier)]
    found += [
        Finding(f"缺{name}", f"缺「{name}」: {how}")
        for name, words, how in _PARTS
        if not words.search(text)
    ]
    vague = list(dict.fromkeys(match[0] for match in _VAGUE.finditer(text)))
    if vague:
        shown = "、".join(vague)
        found.append(Finding("空泛时间", f"「{shown}」说不清时间: 改成具体日期, 如「11月25日前」"))
    return tuple(sorted(found, key=lambda finding: not finding.must))


def _privacy(text: str, earlier: Earlier) -> Iterator[Finding]:
    if mask(text, earlier.phones) != text:
        yield Finding("个人号码", "有手机号或身份证号: 删去, 只留单位固定电话", must=True)
    if _DOOR.search(text):
        yield Finding("详细住址", "有门牌号: 只写到小区或路段", must=True)
    if _PLATE.search(text):
        yield Finding("车牌", "有车牌号: 删去", must=True)
    minors = named_minors(text)
    if minors:
        shown = "、".join(minors)
        yield Finding("未成年人姓名", f"「{shown}」: 未成年人不写姓名, 改为「一名学生」", must=True)
    people = tuple(name for name in named_complainants(text) if name not in minors)
    if people:
        shown = "、".join(people)
        yield Finding("反映人信息", f"「{shown}」像反映人姓名: 改为「反映人」或「网友」")


def _against_verdict(text: str, earlier: Earlier) -> Iterator[Finding]:
    said = _verdict(text)
    if earlier.verdict and said and said != _plain(earlier.verdict):
        yield Finding(
            "与核实结果不一致",
            f"核实结果是「{earlier.verdict}」, 稿中写「{said}」: 改稿, 或先报新的核实结果",
            must=True,
        )


def _plain(verdict: str) -> str:
    return "不属实" if verdict == "查无实据" else verdict


def _verdict(text: str) -> str:
    if _PARTLY.search(text):
        return "部分属实"
    if _FALSE.search(text):
        return "部分属实" if _TRUE.search(text) else "不属实"
    return "属实" if _TRUE.search(text) else ""


def _numbers(text: str, earlier: Earlier) -> Iterator[Finding]:
    told = "\n".join(earlier.statements)
    if (_NO_HARM.search(text) and _HARM.search(told)) or (
        _HARM.search(text) and _NO_HARM.search(told)
    ):
        yield Finding(
            "伤亡不一致", "伤亡情况与此前报告不一致: 核对后改稿, 或先补一次续报", must=True
        )
    now = _counted(text)
    before: dict[str, tuple[float, str]] = {}
    for statement in earlier.statements:  # the latest statement holds
        before |= _counted(statement)
    for thing, (number, shown) in now.items():
        known = before.get(thing)
        if known is not None and known[0] != number:
            yield Finding(
                "数字不一致", f"此前报「{known[1]}」, 稿中是「{shown}」: 核对; 有更新请先续报"
            )


def _counted(text: str) -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = {}
    for match in _COUNT.finditer(text):
        number = value_of(match["n"]) if not match["n"][0].isdigit() else float(match["n"])
        noun = match["of"][:_SIGNIFICANT]
        if number is not None and len(noun) == _SIGNIFICANT:
            thing = match["unit"].lstrip("余多") + noun
            found[thing] = (number, match[0])
    return found


_QUOTED = re.compile("[‘“「『\"'](?P<words>[^’”」』\"']{1,60})[’”」』\"']")
_TAKE_OUT = re.compile("删|去掉|不要|拿掉")
_PUT_IN = re.compile("加|补|写上|写明|增")


def unmet(condition: str, text: str) -> tuple[str, ...]:
    """Return what of a leader's condition is plainly not in `text` yet, in Chinese.

    Only quoted words can be checked; whether the rest is met, the office has to say.
    """
    found = []
    for match in _QUOTED.finditer(condition):
        words = match["words"]
        around = condition[match.end() : match.end() + 8] + condition[: match.start()][-8:]
        if _TAKE_OUT.search(around) and words in text:
            found.append(f"「{words}」还没有删去")
        elif _PUT_IN.search(around) and not _TAKE_OUT.search(around) and words not in text:
            found.append(f"「{words}」还没有加上")
    return tuple(found)


def self_check(findings: Sequence[Finding]) -> str:
    """Return the findings as numbered lines for the drafter."""
    return "\n".join(f"{nth}. {finding.text}" for nth, finding in enumerate(findings, start=1))
