"""Links: the published classes, our own, texts as people paste them, look-alikes."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from cases.link_rules import LinkKind
from cases.links import Link, find_links
from config.platforms import load_link_rules

DATA = Path(__file__).parents[1] / "data"
RULES = load_link_rules()
POST = "https://weibo.com/1234567890/R8vcX9C87"
KEY = "weibo:5320265912291527"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in found:
        row["raw"] = row["raw"].replace("\\n", "\n").replace("\\t", "\t")
    return found


ROWS = rows("links.tsv") + rows("links_own.tsv")


def only(text: str) -> Link:
    (link,) = find_links(text, RULES)
    return link


def keys(text: str) -> list[str]:
    return [link.key for link in find_links(text, RULES)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_an_address_has_the_platform_and_the_key_of_its_class(row: dict[str, str]) -> None:
    link = only(row["raw"])
    expected = "其他" if row["platform"] == "(伪装域名)" else row["platform"]
    assert (link.platform, link.key) == (expected, row["canonical_key"])
    assert link.url in row["raw"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_canonical_address_is_https_and_leads_to_the_same_key(row: dict[str, str]) -> None:
    link = only(row["raw"])
    again = only(link.canonical)
    assert link.canonical.startswith("https://")
    assert (again.key, again.canonical, again.kind) == (link.key, link.canonical, link.kind)


def test_members_of_a_class_are_equal_and_classes_are_distinct() -> None:
    members: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        members[row["class"]].add(only(row["raw"]).key)
    assert all(len(found) == 1 for found in members.values())
    assert len(set.union(*members.values())) == len(members)


@pytest.mark.parametrize(
    ("text", "kind", "item_id", "needs_expansion"),
    [
        (POST, LinkKind.ITEM, "5320265912291527", False),
        ("http://t.cn/A6xYzAbC", LinkKind.SHORT, None, True),
        ("https://s.weibo.com/weibo?q=%23云溪停水%23", LinkKind.TOPIC, None, False),
        ("https://weibo.com/u/1234567890", LinkKind.PROFILE, None, False),
        ("https://news.unknown.example/1", LinkKind.PAGE, None, False),
        ("https://weibo.com/ajax/unknown?a=1&from=x", LinkKind.PAGE, None, False),
        ("https://www.zhihu.com/question/612345678", LinkKind.ITEM, "612345678", False),
    ],
)
def test_the_kind_says_what_a_link_leads_to(
    text: str, kind: LinkKind, item_id: str | None, *, needs_expansion: bool
) -> None:
    link = only(text)
    assert (link.kind, link.item_id, link.needs_expansion) == (kind, item_id, needs_expansion)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("链接:", ""),
        ("看看", "这个帖子"),
        ("(", ")"),
        ("《", "》"),
        ("“", "”"),
        ("[原帖](", ")"),
        ('"', '",'),
        ("", ",请处理"),
        ("", "，请处理"),
        ("", "。"),
        ("", "?!"),
        ("", "\u200b"),
        ("", "…"),
        ("", "😂"),
        ("\n", "\n转发86"),
        ("\t", "\t评论41"),
        ("**", "**"),
        ("<", ">"),
    ],
)
def test_the_words_around_an_address_are_no_part_of_it(before: str, after: str) -> None:
    link = only(before + POST + after)
    assert (link.url, link.key) == (POST, KEY)


@pytest.mark.parametrize(
    "text",
    [
        "weibo.com/1234567890/R8vcX9C87",
        "www.weibo.com/1234567890/R8vcX9C87",
        "HTTP://WEIBO.COM/1234567890/R8vcX9C87",
        "https：//weibo.com/1234567890/R8vcX9C87",
        "https：／／weibo.com/1234567890/R8vcX9C87",  # noqa: RUF001 - as an input method writes it
        "ｈｔｔｐｓ：／／ｗｅｉｂｏ．ｃｏｍ/1234567890/R8vcX9C87",  # noqa: RUF001
        "https://weibo.com./1234567890/R8vcX9C87",
        "http://weibo.com:80/1234567890/R8vcX9C87/",
        "https://weibo.com:8443/1234567890/R8vcX9C87",
        "https://user:pw@weibo.com/1234567890/R8vcX9C87",
        "https://weibo.com//1234567890//R8vcX9C87",
        "https://weibo.com/1234567890/%528vcX9C87",
        "https://weibo.com/\u200b1234567890/R8vcX9C87",
        "https://weibo.com/1234567890/R8vcX9C87?a=1&amp;amp;b=2&amp;",
        "https://weibo.cn/sinaurl?u=https%3A%2F%2Fweibo.com%2F1234567890%2FR8vcX9C87",
    ],
)
def test_an_address_is_known_however_it_was_typed(text: str) -> None:
    assert keys(text) == [KEY]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有链接",
        "zhang@163.com",
        "zhang@weibo.com/1234567890/R8vcX9C87",
        "main.py report.docx 3.5万/次 v1.2/3 U.S.A/China",
        "我在 weibo.com 上看到",
        "http://",
        "https://。",
        "http://999.999.999.999/",
        "http://[::zz]/",
        "https://xn--a/",
        "ftp://a.example/x",
        "javascript://weibo.com/1",
        "7.43 M@w.Fh 02/28",
    ],
)
def test_what_is_no_web_address_is_no_link(text: str) -> None:
    assert keys(text) == []


def test_every_short_link_of_the_classes_can_be_expanded() -> None:
    shorts = [link for row in ROWS if (link := only(row["raw"])).kind is LinkKind.SHORT]
    places = [place.partition("/") for place in RULES.expandable]
    for link in shorts:
        host, path = link.canonical.removeprefix("https://").split("/", 1)
        expandable = any(host.endswith(h) and path.startswith(p) for h, _, p in places)
        assert expandable is (link.platform != "微信视频号")  # it opens in the client only


def test_a_bare_name_counts_with_www_or_a_path() -> None:
    assert keys("www.yunxi.example") == ["url:www.yunxi.example/"]
    assert keys("yunxi.example/") == []
    assert keys("yunxi.example/a") == ["url:yunxi.example/a"]


def test_several_links_come_in_order_and_once_per_key() -> None:
    text = f"{POST} http://b.example/2,http://c.example/3 m.weibo.cn/status/R8vcX9C87"
    assert keys(text) == [KEY, "url:b.example/2", "url:c.example/3"]


def test_addresses_pasted_without_anything_between_are_two() -> None:
    assert keys("https://a.example/1https://b.example/2") == ["url:a.example/1", "url:b.example/2"]


def test_an_address_inside_a_parameter_is_not_a_second_link() -> None:
    assert keys("https://a.example/go?to=https://b.example/2") == [
        "url:a.example/go?to=https:%2F%2Fb.example/2"
    ]


def test_a_bracket_that_was_opened_in_the_address_stays() -> None:
    assert only("(https://a.example/w_(b))").url == "https://a.example/w_(b)"


@pytest.mark.parametrize(
    "text",
    [
        "https://douyin.com.attacker.example/video/7512756548356492544",
        "https://notdouyin.com/video/7512756548356492544",
        "https://douyin.com@evil.example/video/7512756548356492544",
        "http://evil.example\\@douyin.com/video/7512756548356492544",
        "https://douyin-com.example/video/7512756548356492544",
        "https://evil.example/https/douyin.com/video/7512756548356492544",
    ],
)
def test_a_look_alike_host_is_never_the_platform(text: str) -> None:
    link = only(text)
    assert (link.platform, link.kind) == ("其他", LinkKind.PAGE)


def test_a_wrapper_that_leads_nowhere_is_a_page_of_its_platform() -> None:
    deep = "https://weibo.cn/sinaurl?u=" + "https%3A%2F%2Fweibo.cn%2Fsinaurl%3Fu%3D"
    link = only("https://link.zhihu.com/?target=https%3A%2F%2Fxn--a%2F")
    assert (link.platform, link.kind) == ("知乎", LinkKind.PAGE)
    assert only(deep + "https%253A%252F%252Fxn--a%252F").platform == "微博"


def test_a_wrapper_is_opened_twice_and_no_deeper() -> None:
    text = "https://a.example/x"
    for _ in range(3):
        text = "https://weibo.cn/sinaurl?u=" + text.replace("%", "%25").replace("&", "%26")
    assert only(text).platform == "微博"


def test_ids_that_no_site_issued_keep_their_spelling() -> None:
    assert only("https://weibo.com/1234567890/ZZZZZZZZZ").key == "weibo:ZZZZZZZZZ"
    assert only("https://weibo.com/detail/0000").key == "weibo:0000"
    assert only("https://www.bilibili.com/video/av9999999999999999").item_id == "av9999999999999999"
    assert only("https://www.bilibili.com/video/av0").key == "bilibili:av0"


def test_punctuation_inside_an_address_does_not_make_it_unstable() -> None:
    topic = only("https://s.weibo.com/weibo?q=停水!&from=x")
    assert topic.key == "topic:weibo:停水!"
    assert only(topic.canonical).key == topic.key
    assert only("https://a.example/b,?utm_source=x").key == "url:a.example/b"


def test_a_topic_without_a_word_is_a_page() -> None:
    assert only("https://s.weibo.com/weibo?q=%20%00").kind is LinkKind.PAGE


def test_a_very_long_address_has_a_short_key_of_its_own() -> None:
    one, two = ("https://a.example/?q=" + "x" * 3000 + end for end in "ab")
    assert len(only(one).key) == 500
    assert only(one).key != only(two).key


@pytest.mark.parametrize("length", [499, 500, 501])
def test_a_key_up_to_the_limit_is_left_as_it_is(length: int) -> None:
    path = "x" * (length - len("url:a.example/"))
    assert ("~" in only(f"https://a.example/{path}").key) is (length > 500)
