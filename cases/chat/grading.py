"""Grades: suggesting, confirming and changing them (建议等级, 定级, 升级/降级)."""

import re

from cases.chat.intents import Found, Intent, slots
from cases.chat.lengths import LINE, WORD
from cases.chat.levels import LEVEL, is_graver, level_named, levels_in
from cases.chat.message import Message
from cases.chat.normalise import CASE
from cases.people import Role

_SUGGEST = re.compile(
    "建议|我觉得|我看|感觉|觉得|应该|应当|怕是|恐怕|估计|是不是|可否|能不能|要不要|"
    "够得上|够上|拟(?:定|按|升|为)|倾向|(?<!确)认为|最好|要不|可能(?:要|得|是)|"
    "申请(?:定|升|降|提)|达到了?|符合|初判|初步(?:判断|定|研判)|算得上|算是|像是|请示"
)
_UP = r"(?:升级?|提升|提高|提级|上调|上升|调高|提到|提至|调升|拔高)"
_DOWN = r"(?:降级?|下调|调低|降低|回调|降格)"
_CHANGE = re.compile(
    rf"(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<same>(?:等级)?(?:调整?|改|变更|由{LEVEL}|"
    rf"从{LEVEL})[^,。;]{{0,6}}?(?:为|到|至|成))"
)
_MOVED = re.compile(rf"(?:为|到|至|成|回|级|高|,)?\s*(?:按|到)?\s*(?P<level>{LEVEL})")
_BARE_CHANGE = re.compile(
    r"(?:^|[,。;!\s]|"
    + CASE
    + r"|把|请|建议|需要?|要|马上|立即|应该)(?P<way>升级|提级|降级)(?:$|[,。;!吧了处响])"
)
_CONFIRM = re.compile(
    "(?:定级?(?:为|成|是|到|:)?|定个|确定(?:为|是)?|确认(?:为|是)?|核定(?:为)?|"
    "认定(?:为|是)?|评定?为|列为|就?按照?|就是|同意(?:按|定|是)?|归为|判为|判定为|"
    rf"作为|批准|划为)\s*:?\s*(?P<level>{LEVEL})"
    rf"|(?P<level2>{LEVEL})(?:舆情)?(?:,?\s*(?:吧|同意|确认|没问题|准|响应|处置|就行|定了|即可))"
)
_NOT = re.compile(
    "以上|以下|几级|哪级|什么级|多少件|清单|列一下|列出|升级改造|版本|一般(?:来说|都|"
    "是|情况|人|不|在|群众|的话|性)|不(?:是|够|到)(?:特别)?(?:重大|较大|[一二三四]级)|"
    "重大(?:事故|活动|项目|节日|决策|贡献|疾病)|交办|拟按[^,]{2,4}上报"
)
_BECAUSE = re.compile(r"(?:因为|原因是?:?|理由是?:?|由于|因|鉴于)[:,]?")


def find_grade(message: Message) -> Found | None:
    """Return the grade somebody suggests, confirms or changes."""
    text = message.said
    if message.find(_NOT) or (
        text.rstrip().endswith(("?", "吗", "呢")) and not message.find(_SUGGEST)
    ):
        return None
    changed = message.find(_CHANGE)
    if changed:
        found = _changed(message, changed)
        if found:
            return found
    level = _confirmed(message)
    if level is None:
        return _level_alone(message)
    if _is_suggestion(message):
        return Found(Intent.GRADE_SUGGEST, _slots(message, level=level))
    return Found(Intent.GRADE_CONFIRM, _slots(message, level=level))


_FIRM = re.compile(rf"就(?:按|定|是)?\s?{LEVEL}\s?吧?\s*[。!]?$")


def _is_suggestion(message: Message) -> bool:
    if message.role is Role.OFFICE_DIRECTOR and message.find(_FIRM):
        return False  # 我看就三级吧: whoever decides has decided
    return bool(message.find(_SUGGEST)) or message.role in {Role.INFORMANT, Role.LIAISON}


def _slots(message: Message, **given: object) -> dict[str, object]:
    return slots(case=message.case, reason=_reason(message), **given)


def _changed(message: Message, changed: re.Match[str]) -> Found | None:
    target = _MOVED.match(message.said, changed.end())
    named = levels_in(message.said)
    if target is None:
        bare = message.find(_BARE_CHANGE)
        if bare is None or (changed["same"] and not named):
            return None
        level = named[-1] if named else ""
    else:
        level = level_named(target["level"])
    if _is_suggestion(message):
        return Found(
            Intent.GRADE_SUGGEST,
            _slots(message, level=level, direction=_direction(changed, named, level)),
        )
    return Found(
        Intent.GRADE_CHANGE,
        _slots(message, level_to=level, direction=_direction(changed, named, level)),
    )


def _direction(changed: re.Match[str], named: list[str], level: str) -> str:
    if changed["up"]:
        return "up"
    if changed["down"]:
        return "down"
    if len(named) > 1 and named[0] != level:
        return "up" if is_graver(level, named[0]) else "down"
    return ""


def _confirmed(message: Message) -> str | None:
    match = message.find(_CONFIRM)
    if match:
        return level_named(match["level"] or match["level2"])
    named = levels_in(message.said)
    return named[0] if named and message.find(_SUGGEST) and len(message.said) < LINE else None


def _level_alone(message: Message) -> Found | None:
    """A grade and nothing else, with or without a number: "005 三级"."""
    rest = re.sub(rf"{LEVEL}|{CASE}|[\s,。:!吧的]|定级|等级", "", message.said)
    named = levels_in(message.said)
    if rest or len(named) != 1:
        return None
    intent = Intent.GRADE_SUGGEST if _is_suggestion(message) else Intent.GRADE_CONFIRM
    return Found(intent, _slots(message, level=named[0]))


def _reason(message: Message) -> str:
    """Return the clauses that name neither a grade nor an act, as typed."""
    kept = []
    for match in re.finditer(r"[^,。;\n!]+", message.said):
        clause = match[0]
        if not (re.search(LEVEL, clause) or _CHANGE.search(clause)) and len(clause.strip()) > WORD:
            lead = _BECAUSE.match(clause)
            kept.append(message.words(match.start() + (lead.end() if lead else 0), match.end()))
    return ",".join(kept)
