"""What is read from a page: decoded right, cut, and nothing executed or followed."""

import pytest

from bot.fetcher.page import Preview, decoded, read_page

WORDS = "青禾路积水严重"


def html(head: str, body: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def title_of(text: str) -> str:
    preview = read_page(text.encode(), "text/html; charset=utf-8", "a.example")
    assert preview is not None
    return preview.title


def test_everything_a_page_shows_about_itself_is_read() -> None:
    head = (
        f'<title>旧</title><meta property="og:title" content="{WORDS}">'
        '<meta property="og:site_name" content="云溪网"><meta name="Author" content=" 小 北 ">'
        '<meta name="publishdate" content="发布于2026-11-20 08:12:00">'
    )
    assert read_page(html(head).encode(), "text/html", "a.example") == Preview(
        "a.example", WORDS, "云溪网", "小 北", "2026-11-20 08:12:00"
    )


@pytest.mark.parametrize(
    ("coding", "header", "meta"),
    [
        ("gb18030", "text/html; charset=GB2312", ""),
        ("gb18030", "text/html; charset=gbk", '<meta charset="utf-8">'),
        ("gb18030", "text/html", '<meta charset="gb2312">'),
        (
            "gb18030",
            "text/html",
            '<meta http-equiv="Content-Type" content="text/html; charset=GBK">',
        ),
        ("gb18030", "text/html", ""),
        ("utf-8", "text/html", ""),
        ("utf-8", "text/html; charset=nonsense", ""),
        ("utf-8", "text/html; charset=utf-7", ""),
        ("utf-8-sig", "text/html; charset=gbk", ""),
        ("big5hkscs", "text/html; charset=big5", ""),
        ("utf-16", "text/html; charset=utf-16", ""),
    ],
)
def test_d09_a_page_is_decoded_by_header_then_meta_then_guess(
    coding: str, header: str, meta: str
) -> None:
    text = html(f"{meta}<title>{'積水' if coding == 'big5hkscs' else WORDS}</title>")
    assert read_page(text.encode(coding), header, "a.example") == Preview(
        "a.example", "積水" if coding == "big5hkscs" else WORDS, "", "", ""
    )


def test_a_page_cut_inside_a_character_is_still_utf_8() -> None:
    assert decoded(WORDS.encode()[:-1], "text/html") == WORDS[:-1]


def test_d09_a_title_of_a_megabyte_is_cut_to_120() -> None:
    assert title_of(html(f"<title>{'积' * 1_000_000}</title>")) == "积" * 120


def test_d09_a_title_is_text_whatever_it_contains() -> None:
    assert title_of(html("<title><script>x</script>&lt;b&gt;\n 停\u202e水\x07</title>")) == (
        "<script>x</script><b> 停 水"
    )


def test_d09_a_hundred_thousand_nested_elements_are_no_problem() -> None:
    assert title_of("<title>深</title>" + "<div>" * 100_000) == "深"
    assert title_of("<div>" * 3_000 + "<title>深</title>") == "深"
    buried = ("<div>" * 100_000 + "<title>深</title>").encode()
    assert read_page(buried, "text/html", "a.example") is None


@pytest.mark.parametrize("text", ["", "<html></html>", "<title> \u200b</title>", "\x00\x01"])
def test_a_page_without_a_title_has_no_preview(text: str) -> None:
    assert read_page(text.encode(), "text/html", "a.example") is None
