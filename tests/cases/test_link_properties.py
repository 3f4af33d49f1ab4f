"""Links generated from (platform, id): the class is known, so merging two classes would show."""

import re
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.link_ids import bilibili_bv, weibo_mid
from cases.links import find_links
from config.platforms import load_link_rules

RULES = load_link_rules()
DIGITS19 = st.integers(10**18, 10**19 - 1).map(str)
NUMBER = st.integers(10**7, 10**12).map(str)
TOKEN = st.text(string.ascii_letters + string.digits, min_size=8, max_size=8)
HEX24 = st.text("0123456789abcdef", min_size=24, max_size=24)
HEX32 = st.text("0123456789abcdef", min_size=32, max_size=32)
BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def bid(mid: str) -> str:
    """The 微博 bid of a mid, written independently of the rule under test."""
    out, rest = "", mid
    while rest:
        rest, group = rest[:-7], int(rest[-7:])
        letters = ""
        while group:
            group, digit = divmod(group, 62)
            letters = BASE62[digit] + letters
        out = (letters.rjust(4, "0") if rest else letters) + out
    return out


# platform: ids, and every way its addresses write one
WAYS: dict[str, tuple[st.SearchStrategy[str], str]] = {
    "weibo": (
        st.integers(10**15, 6 * 10**15).map(str),
        (
            "weibo.com/1234567890/{} weibo.com/1234567890/{bid} m.weibo.cn/status/{bid} "
            "m.weibo.cn/detail/{}"
        ),
    ),
    "wxmp": (
        HEX32,
        (
            "mp.weixin.qq.com/s?__biz=MzA5MTIzNDU2Nw==&mid=2247483750&idx=1&sn={} "
            "mp.weixin.qq.com/s?sn={}&idx=1&mid=2247483750&__biz=MzA5MTIzNDU2Nw%3D%3D"
        ),
    ),
    "wxmp-s": (
        st.text(string.ascii_letters + "-_", min_size=22, max_size=22),
        "mp.weixin.qq.com/s/{}",
    ),
    "douyin": (
        DIGITS19,
        (
            "www.douyin.com/video/{} www.douyin.com/note/{} www.iesdouyin.com/share/video/{} "
            "www.douyin.com/discover?modal_id={}"
        ),
    ),
    "douyin-short": (TOKEN, "v.douyin.com/{}"),
    "kuaishou": (
        st.text(string.ascii_lowercase + string.digits, min_size=13, max_size=13).map("3x".__add__),
        (
            "www.kuaishou.com/short-video/{} m.gifshow.com/fw/photo/{} "
            "v.m.chenzhongtech.com/fw/photo/{}"
        ),
    ),
    "kuaishou-short": (TOKEN, "v.kuaishou.com/{}"),
    "xhs": (
        HEX24,
        (
            "www.xiaohongshu.com/explore/{} www.xiaohongshu.com/discovery/item/{} "
            "www.xiaohongshu.com/user/profile/5a13b53b4eacab190f3d0667/{}"
        ),
    ),
    "toutiao": (
        DIGITS19,
        "www.toutiao.com/article/{} m.toutiao.com/a{} toutiao.com/group/{} m.toutiao.com/is/{}",
    ),
    "zhihu-answer": (
        NUMBER,
        (
            "www.zhihu.com/question/612345678/answer/{} www.zhihu.com/answer/{} "
            "www.zhihu.com/tardis/bd/ans/{}"
        ),
    ),
    "zhihu-question": (NUMBER, "www.zhihu.com/question/{}"),
    "zhihu-p": (NUMBER, "zhuanlan.zhihu.com/p/{} www.zhihu.com/tardis/zm/art/{}"),
    "tieba": (NUMBER, "tieba.baidu.com/p/{} tieba.baidu.com/f?kz={} c.tieba.baidu.com/p/{}"),
    "bilibili": (
        st.integers(1, 2**51 - 1).map(str),
        (
            "www.bilibili.com/video/av{} www.bilibili.com/video/{bv} b23.tv/{bv} "
            "player.bilibili.com/player.html?aid={}"
        ),
    ),
    "liuyan": (
        NUMBER,
        "liuyan.people.com.cn/threads/content?tid={} liuyan.people.cn/threads/content?tid={}",
    ),
    "12345": (
        NUMBER.map("YX20261119".__add__),
        "12345.yunxi.example.gov.cn/detail?orderNo={} 12345.yunxi.example.gov.cn/order/{}.html",
    ),
    "thepaper": (NUMBER, "www.thepaper.cn/newsDetail_forward_{} m.thepaper.cn/detail/{}"),
    "discuz": (
        NUMBER,
        (
            "bbs.yunxi-online.example/thread-{}-1-1.html "
            "bbs.yunxi-online.example/forum.php?mod=viewthread&tid={}"
        ),
    ),
    "unknown": (
        NUMBER,
        "www.yunxi.example/show?id={} www.yunxi.example/show?id={}&utm_source=wx",
    ),
}
NOISE = st.sampled_from(
    ["", "utm_source=wx", "share_token=abc", "spm=1.2.3", "utm_medium=x&share_from=y"]
)
FRAGMENT = st.sampled_from(["", "#comment", "#pid99", "#wechat_redirect"])
SCHEME = st.sampled_from(["https://", "http://", "HTTPS://"])
AROUND = st.sampled_from(
    [("", ""), ("看看 ", " 停水了"), ("链接：", "，请处理"), ("(", ")。"), ("【舆情】", "这个帖子")]
)


def addresses(platform: str, item: str) -> list[str]:
    ways = WAYS[platform][1]
    short = bid(item) if "{bid}" in ways else ""
    video = bilibili_bv(f"av{item}") if "{bv}" in ways else ""
    return [way.format(item, bid=short, bv=video) for way in ways.split()]


@st.composite
def known(draw: st.DrawFn) -> tuple[tuple[str, str], str]:
    platform = draw(st.sampled_from(sorted(WAYS)))
    item = draw(WAYS[platform][0])
    address = draw(st.sampled_from(addresses(platform, item)))
    noise = draw(NOISE)
    if noise:
        address += ("&" if "?" in address else "?") + noise
    before, after = draw(AROUND)
    return (platform, item), before + draw(SCHEME) + address + draw(FRAGMENT) + after


@settings(max_examples=600, deadline=None)
@given(known(), known())
def test_two_addresses_are_equal_exactly_when_platform_and_id_are(
    one: tuple[tuple[str, str], str], two: tuple[tuple[str, str], str]
) -> None:
    (first,) = find_links(one[1], RULES)
    (second,) = find_links(two[1], RULES)
    assert (first.key == second.key) == (one[0] == two[0])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_two_ways_of_writing_one_id_are_equal(data: st.DataObject) -> None:
    platform = data.draw(st.sampled_from(sorted(WAYS)))
    written = addresses(platform, data.draw(WAYS[platform][0]))
    found = find_links("\n".join(f"https://{address}" for address in written), RULES)
    assert len(found) == 1


@settings(max_examples=300, deadline=None)
@given(known())
def test_canonicalising_twice_changes_nothing(one: tuple[tuple[str, str], str]) -> None:
    (link,) = find_links(one[1], RULES)
    (again,) = find_links(link.canonical, RULES)
    assert (again.key, again.canonical) == (link.key, link.canonical)


HOSTILE = [
    "https://",
    "http://",
    "//",
    "weibo.com",
    "www.",
    "b23.tv",
    "mp.weixin.qq.com/s",
    "?",
    "&",
    "&amp;",
    "=",
    "#",
    "%23",
    "%",
    "%zz",
    "@",
    ":",
    ".",
    "/",
    "[",
    "]",
    "(",
    ")",
    "q=",
    "__biz=",
    "1234567890",
    "R8vcX9C87",
    "xn--",
    "..",
    "\\",
    "12345.",
    "gov.cn",
    "云溪",
    "，",
    "😂",
    "\u200b",
    "�",
    "\x00",
    "\n",
    "\uff11\uff12\uff17",
]
PIECES = st.sampled_from(HOSTILE)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80))
def test_any_text_is_answered_and_every_answer_is_stable(text: str) -> None:
    found = find_links(text, RULES)
    assert len({link.key for link in found}) == len(found)
    for link in found:
        assert link.url in text
        assert re.match("https://[^/]", link.canonical)
        (again,) = find_links(link.canonical, RULES)
        assert (again.key, again.canonical) == (link.key, link.canonical)


@given(st.integers(10**9, 6 * 10**15).map(str))
def test_mid_and_bid_are_one_number(mid: str) -> None:
    assert weibo_mid(bid(mid)) == mid == weibo_mid(mid)


@given(st.integers(1, 2**51 - 1), st.integers(1, 2**51 - 1))
def test_two_av_numbers_never_share_a_bv(one: int, two: int) -> None:
    assert (bilibili_bv(f"av{one}") == bilibili_bv(f"av{two}")) == (one == two)
