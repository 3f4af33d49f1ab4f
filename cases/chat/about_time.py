"""Questions about time that the grammar of commands leaves open: why then, who will be late."""

import re
import unicodedata
from enum import StrEnum


class TimeQuestion(StrEnum):
    """What is asked about time."""

    WHY_THEN = "为什么是这个时间"
    WHY_REMINDED = "为什么提醒"
    DUE_TODAY = "今日到期"
    TONIGHT = "今晚谁会超时"
    PREVIEW = "预览播报"
    MISSING = "谁没报"


_WORDS = (
    (TimeQuestion.TONIGHT, re.compile("谁(?:会|要|可能)(?:超时|超期|逾期)|(?:会|可能)超时的")),
    (
        TimeQuestion.WHY_THEN,
        re.compile(
            "为(?:什么|啥|何)(?:是|到)?(?:这个|那个|这)(?:时间|时限|期限|点)|(?:时限|期限|时间)怎么算"
        ),
    ),
    (
        TimeQuestion.WHY_REMINDED,
        re.compile(
            "为(?:什么|啥|何)(?:没有?|不|未)(?:给我|向我)?(?:提醒|通知|催)|怎么没(?:有)?(?:提醒|通知|催)"
        ),
    ),
    (TimeQuestion.DUE_TODAY, re.compile("(?:今日|今天)(?:要)?到期")),
    (TimeQuestion.PREVIEW, re.compile("^预览")),
    (
        TimeQuestion.MISSING,
        re.compile(
            "^[^,。;]{0,8}(?:谁|哪些人|哪几个|哪些单位|哪个单位)(?:还|都)?(?:没有?|未)(?:上)?报"
            "(?:的|零报告|监测|平安)?[?吗呢]?$|^(?:看一下|查)?(?:监测|校园)?缺报(?:的|名单|情况)?[?]?$"
        ),
    ),
)


def time_question(text: str) -> TimeQuestion | None:
    """Return what is asked about time, None where it is something else."""
    said = unicodedata.normalize("NFKC", text).strip()
    return next((which for which, words in _WORDS if words.search(said)), None)
