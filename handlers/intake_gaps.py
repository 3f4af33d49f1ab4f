"""What a report lacks: asked for one question at a time, at most twice; the case exists meanwhile.

A report needs a link, or platform and what happened (domain 7.1); all else may be asked for.
"""

import re
from datetime import timedelta

from cases.chat.media import platform_named
from cases.links import find_links
from cases.model import Case
from cases.people import OTHER_DOOR
from handlers.talk import Talk
from storage.intake import Asked

LINK = "链接"
STORY = "情况"
PLATFORM = "平台"
MOST_TIMES = 2
_LINK_WAITS = timedelta(hours=24)  # “链接稍后补” is normal
_WORDS_WAIT = timedelta(minutes=30)
_ORDER = (PLATFORM, STORY, LINK)
_WORDS_ONLY = re.compile(r"[\u3400-\u9fffA-Za-z]")
_LINK_WORDS = re.compile(
    r"(?:补上?|这是|原帖|视频|文章)?的?(?:链接|网址|地址)(?:来了|补上了?|在这里?|如下|是)?"
)
_LONGEST = 200  # characters of an answer
_SHORTEST_STORY = 4  # 停水三天
_LONGEST_PLATFORM = 12
_SMALL_TALK = re.compile(
    r"^\W*(?:收到|好的?|行|嗯+|哦+|谢谢|多谢|感谢|辛苦|知道了?|明白|了解|在吗|您?好|你好|ok|1|是的?|不知道|"
    r"没有|稍等|等一?下|稍后|一会儿?|马上).{0,6}$|[?？吗]\s*$",
    re.IGNORECASE,
)


def missing_of(*, has_link: bool, platform: str, title: str) -> tuple[str, ...]:
    """Return the essentials a report lacks, in the order in which they are asked for."""
    lacks = {
        LINK: not has_link,
        STORY: not title,
        PLATFORM: not has_link and not platform,
    }
    return tuple(essential for essential in _ORDER if lacks[essential])


def ask_next(talk: Talk, case: Case) -> str:
    """Return the next question about what the case lacks, "" when there is none left to ask."""
    if talk.person.userid.startswith(OTHER_DOOR):
        return ""
    times = talk.work.intake.asked(case.id)
    for essential in case.missing:
        if times.get(essential, 0) < MOST_TIMES and essential in _ORDER:
            talk.work.intake.ask(case.id, essential, talk.person.userid, talk.now)
            return _question(essential, case)
    return ""


def _question(essential: str, case: Case) -> str:
    short = case.short_number
    if essential == LINK:
        return f"还缺链接, 有了请发: {short} 链接 https://…"
    if essential == STORY:
        return f"这条说的是什么事? 直接回复一句话即可, 会记到 {short}。"
    return f"是在哪个平台看到的 (微博、抖音、群聊…)? 直接回复平台名即可, 会记到 {short}。"


def case_awaiting_link(talk: Talk) -> Case | None:
    """Return the case whose link the speaker was asked for, if what came now is only a link."""
    asked = talk.work.intake.last_asked(talk.person.userid, talk.now - _LINK_WAITS)
    if asked is None or asked.essential != LINK:
        return None
    links = find_links(talk.words, talk.desk.link_rules)
    rest = talk.words
    for link in links:
        rest = rest.replace(link.url, "")
    if not links or _WORDS_ONLY.search(_LINK_WORDS.sub("", rest)):
        return None
    case = talk.work.cases.load(asked.case_id)
    fits = case.platform in ("", "其他", links[0].platform) or bool(case.source_media)
    return case if LINK in case.missing and fits else None


def case_awaiting_words(talk: Talk) -> tuple[Case, Asked] | None:
    """Return the case about which the speaker was asked a question that these words may answer."""
    asked = talk.work.intake.last_asked(talk.person.userid, talk.now - _WORDS_WAIT)
    if asked is None or asked.essential == LINK:
        return None
    if not _may_answer(asked.essential, talk.words.strip()):
        return None
    case = talk.work.cases.load(asked.case_id)
    return (case, asked) if asked.essential in case.missing else None


def _may_answer(essential: str, words: str) -> bool:
    """Whether words that command nothing can be what was asked for, and are no small talk."""
    if not _WORDS_ONLY.search(words) or _SMALL_TALK.search(words):
        return False
    if essential == PLATFORM:
        return bool(platform_named(words)) or len(words) <= _LONGEST_PLATFORM
    return _SHORTEST_STORY <= len(words) <= _LONGEST
