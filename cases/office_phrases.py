"""Set phrases that the general reader of chat does not know: one meaning each, known in full."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class PhraseKind(StrEnum):
    """What a set phrase asks for."""

    NO_ANSWER = "不需公开回应"
    NO_PRESS = "不开发布会"
    REPORTED_UP = "特报已报"
    STILL_SUBMIT = "仍报审"
    REGISTER = "登记转发内容"
    RESTRICT = "限定知悉"
    UNRESTRICT = "解除限定知悉"
    NOTHING_NEW = "跟踪无新情况"
    SOMETHING_NEW = "跟踪有新情况"
    EXECUTE = "照批示办"
    DROP = "批示不按此办"
    STAND_IN = "委托"
    PANEL = "审批人"
    LOGIN_LINK = "登录链接"
    OPEN_CHAT = "建群"
    CLOSE_CHAT = "关群"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A set phrase: its kind, the case as written ("" where none is), and the rest."""

    kind: PhraseKind
    case: str = ""
    rest: str = ""
    number: int = 0
    names: tuple[str, ...] = ()


_CASE = r"(?:YQ-?[0-9]{8}-?[0-9]{3,4}|(?:20[0-9]{2})?[0-9]{4}-[0-9]{3}|0[0-9]{2})"
_AT = rf"^\s*(?:#|编号)?\s?(?P<case>{_CASE})?\s?(?:号件|号|件)?\s?[:,]?\s?"
_TAIL = r"\s?[,。;:]?\s?(?P<rest>.*)$"
_PHRASES = (
    (
        PhraseKind.NO_ANSWER,
        (
            "(?:确认)?(?:此件|本件|这件)?(?:不(?:需要?|用|必|宜)|无需|无须)(?:再|对外)?公开"
            "(?:回应|答复|回复|发布)"
        ),
    ),
    (
        PhraseKind.NO_PRESS,
        "(?:不(?:再|需要?|用|必|宜)?|无需|无须)(?:召)?开(?:新闻)?发布会",
    ),
    (
        PhraseKind.REPORTED_UP,
        (
            "(?:(?:特报|专报)已(?:经)?(?:上报|报送|报出|报|发出)"
            "|已(?:经)?(?:上报|报送|报)(?:了)?特报)"
        ),
    ),
    (
        PhraseKind.SOMETHING_NEW,
        "跟踪(?:期间|情况)?[:,]?\\s?(?:又?有|出现|发现)了?(?:新情况|新的情况|反弹)",
    ),
    (PhraseKind.UNRESTRICT, "(?:解除|取消|撤销)(?:限定|限制)知悉(?:范围)?"),
    (PhraseKind.RESTRICT, "(?:设为|改为|请)?(?:限定|限制|控制)知悉(?:范围)?"),
    (PhraseKind.STILL_SUBMIT, "仍报审"),
)
_FIXED = tuple((kind, re.compile(_AT + words + _TAIL, re.DOTALL)) for kind, words in _PHRASES)
_STILL = re.compile(rf"^仍报审 (?P<case>{_CASE}) (?P<rest>.+)$", re.DOTALL)
_QUIET = re.compile(
    _AT + r"(?:跟踪(?:期间|情况|核对)?[:,]?\s?)?(?:暂?无|暂?没有?|未见|(?:暂)?未发现)(?:出现|明显)?"
    r"(?:新情况|新的情况|反弹)(?:[,。;]\s?(?P<rest>[^,。;\n]{0,8}(?:平稳|回落|正常)))?[。!]?$"
)
# What a unit answers when it is asked: as short as people are, meant only where they are asked.
_ANSWER = re.compile(
    _AT + r"(?:跟踪(?:期间|情况|核对)?[:,]?\s?)?(?:"
    r"(?P<nothing>(?:暂时?)?(?:无|没有?)(?:什么)?(?:新的?情况|反弹)?了?[。!]?$)"
    r"|(?P<new>(?:又|还)?(?:有|出现|发现)了?(?:新的?情况|反弹))" + _TAIL + ")",
    re.DOTALL,
)
_REGISTER = re.compile(r"^登记转发内容[ :\n]\s*(?P<rest>\S.*)$", re.DOTALL)
_TAP = re.compile(
    rf"^(?P<what>照批示办|批示不按此办) (?P<case>{_CASE}) 第(?P<number>[0-9]{{1,4}})号$"
)
_NAME = "[\u4e00-\u9fff]{2,4}"
_STAND_IN = re.compile(
    rf"^\s*(?P<who>{_NAME}?)(?=[0-9从自到今明后本下,由]|期间|外出|请假|出差|休假)[^。]*?"
    rf"由(?P<stand>{_NAME}?)代(?:理|签|批|办|为)?(?:批示|审批|签批)?[。]?$"
)
_LOGIN_LINK = re.compile(
    rf"^(?:请)?(?:给|帮|为)(?P<who>{_NAME}?)(?:同志)?(?:发|开|做)?(?:一个|一条|个|条)?(?:一次性|临时)?的?"
    r"登[录陆]链接[。!]?$"
)
_PANEL = re.compile(
    r"^\s*(?P<level>[\u4e00-\u9fff]{2,4}?)(?:件)?(?:的)?(?P<kind>签批|签发|办结)(?:改)?由"
    r"(?P<roles>[\u4e00-\u9fff、和]+?)(?P<mode>依次|全部|都要|任一|任意一人)(?:同意|签发|签批|批准)[。]?$"
)


_CHAT = re.compile(
    rf"^(?:请|帮我|帮忙|麻烦)?(?:给|为|把)?\s?(?:#|编号)?(?P<case>{_CASE})?\s?(?:号件|号|件)?\s?[:,]?\s?"
    r"(?P<what>建|拉|开|解散|关掉?|撤掉?)(?:一?个)?(?:的)?(?:工作|协调|微信|企业微信)?群(?:聊)?[吧了。!]?$"
)


def find_phrase(text: str) -> Phrase | None:
    """Return the set phrase that `text` is, None where it is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    tap = _TAP.match(plain)
    if tap:
        kind = PhraseKind.EXECUTE if tap["what"] == "照批示办" else PhraseKind.DROP
        return Phrase(kind, tap["case"], number=int(tap["number"]))
    still = _STILL.match(text.strip())  # what was drafted is kept as it was typed
    if still:
        return Phrase(PhraseKind.STILL_SUBMIT, still["case"], still["rest"])
    forwarded = _REGISTER.match(text.strip())
    if forwarded:
        return Phrase(PhraseKind.REGISTER, rest=forwarded["rest"])
    quiet = _QUIET.match(plain)
    if quiet:
        return Phrase(PhraseKind.NOTHING_NEW, quiet["case"] or "", quiet["rest"] or "")
    for kind, words in _FIXED:
        match = words.match(plain)
        if match and kind is not PhraseKind.STILL_SUBMIT:
            return Phrase(kind, match["case"] or "", match["rest"].strip(" ,。;:"))
    return _standing(plain)


def find_answer(text: str) -> Phrase | None:
    """Return what answers 「答复后有无新情况?」, None where `text` is no answer to it."""
    match = _ANSWER.match(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    kind = PhraseKind.SOMETHING_NEW if match["new"] else PhraseKind.NOTHING_NEW
    return Phrase(kind, match["case"] or "", (match["rest"] or "").strip(" ,。;:"))


def _standing(plain: str) -> Phrase | None:
    chat = _CHAT.match(plain)
    if chat:
        is_new = chat["what"] in ("建", "拉", "开")
        kind = PhraseKind.OPEN_CHAT if is_new else PhraseKind.CLOSE_CHAT
        return Phrase(kind, chat["case"] or "")
    panel = _PANEL.match(plain)
    if panel:
        roles = tuple(name for name in re.split("[、和]", panel["roles"]) if name)
        mode = {"都要": "全部", "任意一人": "任一"}.get(panel["mode"], panel["mode"])
        return Phrase(PhraseKind.PANEL, names=(panel["level"], panel["kind"], mode, *roles))
    stand_in = _STAND_IN.match(plain)
    if stand_in:
        names = (stand_in["who"], stand_in["stand"])
        return Phrase(PhraseKind.STAND_IN, rest=plain, names=names)
    link = _LOGIN_LINK.match(plain)
    return Phrase(PhraseKind.LOGIN_LINK, names=(link["who"],)) if link else None
