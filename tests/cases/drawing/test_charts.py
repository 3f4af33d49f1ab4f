"""Charts: what is counted stands in them, inside their borders, and words stay words."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from cases.drawing.charts import Bar, Series, bars, columns, heat, lines
from cases.drawing.svg import WIDTH, chart, fitted, number, width_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert('x')</script> \"&amp; \x00\x0b\ud800\uffff 青禾路"
DAYS = [Bar(f"11-{day:02}", float(day % 7), href=f"/list?day={day}") for day in range(1, 31)]
WEEK = [Series(day, [Bar(f"{hour} 时", float(hour)) for hour in range(24)]) for day in "一二三四"]
HOURS = [str(hour) if hour % 6 == 0 else "" for hour in range(24)]

Drawn = Callable[[Bar], str]
KINDS: dict[str, Drawn] = {
    "bars": lambda one: bars(one.label, [one]),
    "columns": lambda one: columns(one.label, [Series(one.label, [one])]),
    "lines": lambda one: lines(one.label, [Series(one.label, [one])]),
    "heat": lambda one: heat(one.label, [Series(one.label, [one])], [one.label]),
}


def read(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 - made by us a moment ago


def texts(drawn: str) -> list[str]:
    return [one.text or "" for one in read(drawn).iter(f"{SVG}text")]


def titles(drawn: str) -> list[str]:
    return [one.text or "" for one in read(drawn).iter(f"{SVG}title")]


def numbers(one: ET.Element, *names: str) -> list[float]:
    return [float(one.get(name, "0")) for name in names]


def must_fit(drawn: str) -> None:
    """No shape and no word stands outside the drawing."""
    root = read(drawn)
    wide, high = numbers(root, "width", "height")
    for one in root.iter(f"{SVG}rect"):
        x, y, width, height = numbers(one, "x", "y", "width", "height")
        assert x >= 0
        assert y >= 0
        assert min(width, height) >= 0
        assert x + width <= wide + 0.01
        assert y + height <= high + 0.01
    for one in root.iter(f"{SVG}text"):
        x, y, size = numbers(one, "x", "y", "font-size")
        room = width_of(one.text or "", size)
        before = {"end": room, "middle": room / 2}.get(one.get("text-anchor", ""), 0.0)
        assert x - before >= -1
        assert x - before + room <= wide + 1
        assert y <= high
    for one in root.iter(f"{SVG}circle"):
        x, y, r = numbers(one, "cx", "cy", "r")
        assert 0 <= x - r <= x + r <= wide
        assert 0 <= y - r <= y + r <= high


def test_bars_are_as_long_as_their_numbers_and_lead_to_their_lists() -> None:
    drawn = bars("各平台", [Bar("抖音", 40, href="/a?x=1&y=2"), Bar("微博", 10), Bar("微信", 0)])
    root = read(drawn)
    long = [float(one.get("width", "")) for one in root.iter(f"{SVG}rect")]
    assert long[0] == pytest.approx(long[1] * 4, rel=0.01)
    assert long[2] == 0
    assert texts(drawn) == ["抖音", "40", "微博", "10", "微信", "0"]
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["/a?x=1&y=2"]
    assert root.get("role") == "group"
    must_fit(drawn)


def test_a_chart_that_leads_nowhere_is_a_picture() -> None:
    assert 'role="img"' in bars("各平台", [Bar("抖音", 1)])
    assert "<a " not in bars("各平台", [Bar("抖音", 1)])


def test_a_long_label_is_cut_and_said_in_full() -> None:
    name = "云溪市住房和城乡建设局（市人民防空办公室）"
    drawn = bars("各单位", [Bar(name, 3)])
    assert texts(drawn)[0].endswith("…")
    assert titles(drawn) == [f"{name}: 3"]
    must_fit(drawn)


def test_columns_stand_side_by_side_under_their_names() -> None:
    drawn = columns("趋势", [Series("登记", DAYS), Series("办结", DAYS)])
    rects = [one for one in read(drawn).iter(f"{SVG}rect") if one.get("x") != "30"]
    assert {one.get("fill") for one in rects} >= {"#1f4e79", "#c98a1b"}
    assert "11-06 办结: 6" in titles(drawn)
    assert "11-07 登记: 0" not in titles(drawn)  # nothing to press on
    assert len([one for one in texts(drawn) if one.startswith("11-")]) == 6
    must_fit(drawn)


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, "2"), (2, "2"), (3, "4"), (4, "4"), (5, "10"), (10, "10"), (11, "20"), (41, "100")],
)
def test_the_middle_of_the_axis_is_a_whole_number(most: int, top: str) -> None:
    drawn = columns("趋势", [Series("登记", [Bar("1", most)])])
    assert texts(drawn)[:3] == ["0", number(float(top) / 2), top]


def test_lines_have_no_dot_where_nothing_is_known() -> None:
    known = [Bar("1", 50.0, "50%", "/one"), Bar("2", math.nan), Bar("3", 100.0, "100%")]
    drawn = lines("按时率", [Series("签收", known)], top=100)
    root = read(drawn)
    assert titles(drawn) == ["1 签收: 50%", "3 签收: 100%"]
    assert len(list(root.iter(f"{SVG}circle"))) == 2
    points = next(root.iter(f"{SVG}polyline")).get("points", "").split()
    assert [float(one.partition(",")[2]) for one in points] == [78, 24]
    must_fit(drawn)


def test_lines_find_their_own_scale() -> None:
    drawn = lines("热度", [Series("阅读", [Bar("1", math.nan), Bar("2", 13.0)])])
    assert texts(drawn)[:3] == ["0", "10", "20"]


def test_heat_is_darker_where_there_is_more_and_says_the_number() -> None:
    drawn = heat("时段", WEEK, HOURS)
    fills = [one.get("fill") for one in read(drawn).iter(f"{SVG}rect")][:24]
    assert fills[0] == "#f0f2f5"
    assert list(dict.fromkeys(fills)) == ["#f0f2f5", "#cfe2f3", "#86b3d9", "#2f6ea8", "#0f3357"]
    assert "一 23 时: 23" in titles(drawn)
    assert {"0", "6", "12", "18"} <= set(texts(drawn))
    must_fit(drawn)


def test_an_hour_with_something_leads_to_it_and_one_without_does_not() -> None:
    row = Series("一", [Bar("0 时", 0, href="/none"), Bar("1 时", 2, href="/two")])
    drawn = heat("时段", [row], ["", ""])
    assert "/two" in drawn
    assert "/none" not in drawn


@pytest.mark.parametrize("kind", KINDS)
def test_words_stay_words_in_every_chart(kind: str) -> None:
    drawn = KINDS[kind](Bar(HOSTILE, 1, HOSTILE, HOSTILE))
    root = read(drawn)  # well formed, though the words are not
    assert {one.tag for one in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "g", "a", "title", "rect", "text", "line")
    } | {f"{SVG}circle", f"{SVG}polyline"}
    assert any("alert" in one for one in titles(drawn))
    assert "style=" not in drawn


@pytest.mark.parametrize(
    "drawn",
    [
        bars("空", []),
        columns("空", []),
        lines("空", []),
        heat("空", [], []),
        chart("空", 1, [], leads=False),
    ],
)
def test_nothing_counted_is_still_a_drawing(drawn: str) -> None:
    assert read(drawn).get("aria-label") == "空"
    assert float(read(drawn).get("width", "")) == WIDTH


def test_words_are_cut_to_their_room() -> None:
    assert fitted("城管局", 36) == "城管局"
    assert fitted("城管局", 35.9) == "城…"
    assert fitted("城管局", 5) == "…"
    assert width_of("ab") < width_of("城管")
