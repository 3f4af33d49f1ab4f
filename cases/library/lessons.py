"""What is asked when a case is closed (案例要点): one question at a time, each may be skipped."""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum


class Asked(StrEnum):
    """What is asked, in this order; the value is the label it is answered under."""

    CAUSE = "起因"
    WORKED = "有效做法"
    FAILED = "不足"
    WORDING = "口径"
    TAGS = "标签"


QUESTIONS = {
    Asked.CAUSE: "起因是什么? 例如: 管网老化爆管, 通知没有贴到楼栋",
    Asked.WORKED: "哪些做法有效? 例如: 两小时内先公布送水点",
    Asked.FAILED: "哪些没做好? 例如: 热线没有统一口径",
    Asked.WORDING: "哪段话以后还能用 (口径)? 例如: 停水期间每日 8 时和 18 时公布进度",
    Asked.TAGS: "用几个词概括, 用顿号分开。例如: 停水、老旧管网",
}
_FIELDS = {
    Asked.CAUSE: "cause",
    Asked.WORKED: "worked",
    Asked.FAILED: "failed",
    Asked.WORDING: "wording",
}
_OTHER_LABELS = {
    "原因": Asked.CAUSE,
    "亮点": Asked.WORKED,
    "做法": Asked.WORKED,
    "问题": Asked.FAILED,
    "可复用口径": Asked.WORDING,
}
_LABEL = re.compile(
    r"^(?:案例)?(?P<label>起因|原因|有效做法|做法|亮点|不足|问题|可复用口径|口径|标签)\s*:\s*(?P<text>\S.*)$",
    re.DOTALL,
)
_SPLIT = re.compile("[、,，;；\\s]+")
_MOST_TAGS = 8
_TAG_LENGTH = 12
LONGEST = 1000  # characters of one answer


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one case teaches, as far as anybody has said."""

    cause: str = ""
    worked: str = ""
    failed: str = ""
    wording: str = ""
    tags: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def next(self) -> Asked | None:
        """What is to be asked next, None where all has been answered or skipped."""
        return next((one for one in Asked if not self.said(one) and one not in self.skipped), None)

    def said(self, what: Asked) -> str:
        """Return what has been answered to a question."""
        if what is Asked.TAGS:
            return "、".join(self.tags)
        return str(getattr(self, _FIELDS[what]))

    def answered(self, what: Asked, text: str) -> "Lesson":
        """Return the lesson with an answer; a later answer takes the place of the earlier one."""
        if what is Asked.TAGS:
            return replace(self, tags=tags_of(text))
        return _with(self, what, text[:LONGEST])

    def skipping(self, *what: Asked) -> "Lesson":
        """Return the lesson with questions that are not asked again."""
        return replace(self, skipped=tuple(dict.fromkeys((*self.skipped, *what))))


def _with(lesson: Lesson, what: Asked, text: str) -> Lesson:
    match what:
        case Asked.CAUSE:
            return replace(lesson, cause=text)
        case Asked.WORKED:
            return replace(lesson, worked=text)
        case Asked.FAILED:
            return replace(lesson, failed=text)
        case _:
            return replace(lesson, wording=text)


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags in an answer, each once."""
    parts = [part[:_TAG_LENGTH] for part in _SPLIT.split(text.strip(" 。#")) if part]
    return tuple(dict.fromkeys(parts))[:_MOST_TAGS]


def labelled(text: str) -> tuple[Asked, str] | None:
    """Return the answer that names its question itself (起因: …), None where it does not."""
    match = _LABEL.match(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    label = match["label"]
    what = _OTHER_LABELS.get(label) or Asked(label)
    return what, match["text"].strip()
