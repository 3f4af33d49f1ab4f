"""Texts that want to be more than words, and what a page that repeats them must not hold."""

import re
from html.parser import HTMLParser

CORPUS = {
    "script": "<script>document.title='hit'</script>",
    "attribute": "\"><img src=x onerror=document.title='hit'>",
    "svg": "'><svg onload=document.title='hit'>",
    "link": "<a href=javascript:document.title='hit'>点我</a> [点我](javascript:hit)",
    "formula": '=HYPERLINK("http://evil.example","点我")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "template": "{{7*7}} {% for x in y %} ${7*7} {0.__class__}",
    "typst": '#panic("x") #read("/etc/passwd") $x$ *x*',
    "lines": "一行\r\n2026-11-20 INFO 已登录\u2028三行\x1b[31m红\x9b31m",
    "mention": "<@all> <@liuyang> @所有人",
    "markdown": "[点我](http://evil.example/x) **粗** `码` # 题",
    "font": '<font color="warning">已办结</font>',
    "translate": "$userName=zhangsan$",
    "hidden": "停\u202e水\u200b了\u2066\ufeff",
    "path": "../../etc/passwd\\..\\cod.exe",
    "sql": "'); DROP TABLE case_file; --",
    "word": "</w:t></w:r></w:p><w:p><w:r><w:t>INJECTED",
    "json": ']]>"}}, {"key": "approve"}',
}
MARK = "标记"
# What must not come out in a message: it would be live, or hide what stands there.
LIVE = re.compile(
    r"<@|<a |<font|<script|<img|<svg|\]\((?:http|javascript)|\$userName|http://evil"
    "|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def marked(name: str) -> str:
    """The payload as it stands in the database: its mark behind it, so that it begins a cell."""
    return f"{CORPUS[name]} {MARK}{list(CORPUS).index(name):02}"


class Seen(HTMLParser):
    """What a browser would find in a page besides words."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        handlers = [name for name in given if name.startswith("on") and name != "on"]
        leads = [v for n, v in given.items() if n in {"href", "src", "action"}]
        away = [v for v in leads if not re.match(r"/|#|\?|https://www\.toutiao\.com/|$", v)]
        inline = tag == "script" and "src" not in given
        if handlers or away or inline or tag in {"iframe", "object", "embed", "base", "font"}:
            self.wrong.append(f"<{tag} {given}>")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def wrong_in_html(html: str) -> list[str]:
    seen = Seen()
    seen.feed(html)
    hidden = re.findall("[\u202a-\u202e\u2066-\u2069\x1b\x9b]", "".join(seen.words))
    return seen.wrong + [f"hidden {one!r}" for one in hidden]
