"""Share texts that apps put on the clipboard: 抖音口令, 小红书笔记, 快手, 微博, 头条, 知乎, B站."""

import re
from dataclasses import dataclass, replace

from cases.chat.message import Message
from cases.chat.normalise import HIDDEN, LINK


@dataclass(frozen=True, slots=True)
class Blurb:
    """What an app's share text shows; the author only where the app itself names one."""

    title: str
    author: str = ""


_TAGS = re.compile(r"#\s?[^\s#]{1,30}|\s@[^\s@]{1,30}")
_FORMS = (
    # 7.43 复制打开抖音,看看【作者的作品】标题 # 话题 <链接> abc:/ 02/28 M@w.Fh
    re.compile(
        r"看看【(?P<author>[^】\n]{1,40}?)(?:的(?:图文|视频)?(?:作品|直播|"
        rf"笔记))?】(?P<title>[^\n]{{0,300}}?)(?={LINK}|$)"
    ),
    # 65 【标题 - 作者 | 小红书 - 你的生活兴趣社区】 😆 码 😆 <链接>
    re.compile(
        r"【(?P<title>[^】\n]{1,200}?)\s*-\s*(?P<author>[^】|"
        r"\n]{1,40}?)\s*\|\s*小红书[^】\n]{0,20}】"
    ),
    # 作者发布了一篇小红书笔记,快来看看吧! 😆 码 😆 <链接>,复制本条信息,打开【小红书】
    re.compile(r"(?:^|(?<=[\s,。!]))(?P<author>[^\s,。!]{1,30})发布了一篇小红书笔记(?P<title>)"),
    # 标题 <链接> 复制后打开【小红书】查看笔记!
    re.compile(
        rf"(?m)^(?P<title>[^\n]{{1,300}}?)\s*{LINK}\s*,?\s*(?:复制[^\n]{{0,12}})?打开【?(?:小红"
        "书|快手|微博|抖音|今日头条|知乎)】?"
    ),
    # <链接> 标题 "作者发布的作品" 复制此消息,打开【快手】直接观看!
    re.compile(
        rf"{LINK}\s*(?P<title>[^\n]{{1,200}}?)\s*(?:[\"“”]?(?P<author>[^\s\"“”,]{{1,30}}?)("
        r"?:发布的|的)?(?:快手)?作品[\"“”]?)?[\s,]*复制[^\n]{0,12}打开【?(?:快手|抖音|"
        "小红书)】?"
    ),
    # 标题 - 作者的回答 - 知乎
    re.compile(
        r"(?m)^(?P<title>[^\n【】]{1,200}?)\s*-\s*(?P<author>[^\n-]{1,30}?)的(?:回答|"
        r"文章)\s*-\s*知乎"
    ),
    # 【标题 - 知乎】 / 【标题-哔哩哔哩】 / 标题 - 今日头条
    re.compile(
        r"(?m)(?:^|【)(?P<title>[^】\n【]{2,200}?)\s*-\s*(?:知乎|哔哩哔哩|bilibili|今日头条|微博|"
        r"腾讯新闻|网易新闻|网易|澎湃新闻|人民日报|西瓜视频)】?(?=\s|$)"
    ),
    # <链接> 作者的微博视频
    re.compile(
        rf"(?m)^(?P<title>[^\n]{{0,300}}?)\s*{LINK}\s*(?P<author>[^\s,。]{{1,30}})的微博视频"
    ),
    # 【标题】<链接>
    re.compile(rf"^\s*【(?P<title>[^】\n]{{2,200}})】\s*(?:{LINK})"),
    # 分享自@作者
    re.compile(r"(?m)^(?P<title>[^\n]{0,300}?)\(?分享自\s*@(?P<author>[^\s@)】]{1,30})"),
    # 分享 作者 的笔记/视频
    re.compile(
        r"分享\s?(?P<author>[^\s,。]{1,30}?)的?(?:头条|快手|抖音)?(?:视频|作品|文章|"
        r"笔记)[:,\s](?P<title>[^\n]{0,200})"
    ),
)
# Without one of these no form fits.
_HINT = re.compile(r"看看【|小红书|打开|知乎|-|微博视频|分享|^\s*【")
_NOISE = re.compile(
    rf"{LINK}|复制[^\n]{{0,14}}打开[^\n]{{0,14}}|^[0-9.]+\s+|[\U0001f300-\U0001faff]|"
    r"^\s*[\"“]|[\"”]\s*$|快来看看吧!?"
)


def find_blurb(message: Message) -> Blurb | None:
    """Return what the share text around the link shows, None where the words are the sender's."""
    if not message.addresses:
        return None
    for form in _FORMS:
        match = form.search(message.text)
        if match:
            groups = match.groupdict()
            return Blurb(_tidy(groups.get("title") or ""), (groups.get("author") or "").strip(" @"))
    return None


def without_share_text(message: Message) -> Message:
    """Return the message with an app's share text blanked out of what the sender says (C06)."""
    if not message.addresses or not _HINT.search(message.text):
        return message
    form = next((found for one in _FORMS if (found := one.search(message.text))), None)
    if form is None:
        return message
    start, end = form.span()
    hidden = re.sub(r"[^\n]", HIDDEN, message.said[start:end])
    return replace(message, said=message.said[:start] + hidden + message.said[end:])


def _tidy(title: str) -> str:
    plain = _NOISE.sub(" ", _TAGS.sub("", title))
    return re.sub(r"\s+", " ", plain).strip(' -,。:"“”【】')
