"""The four kinds of chart: bars that lie, columns over time, lines over time, heat by hour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cases.drawing.svg import (
    FIRST,
    INK,
    LINE,
    SECOND,
    SOFT,
    TEXT,
    WIDTH,
    chart,
    element,
    fitted,
    linked,
    number,
    width_of,
    words_at,
)

_SMALL = 10.5
_BOLD = 1.2  # how much wider bold words are
_BAR, _GAP = 16.0, 8.0
_LABEL_ROOM = 118.0
_FLOOR, _CEILING, _LEFT = 132.0, 24.0, 30.0  # of what stands on a time axis
_MOST_WORDS = 6  # labels that have room under a time axis
_FILLS = (FIRST, SECOND)
_STEPS = (1, 2, 5)
_HEAT = ((0.75, "#0f3357"), (0.5, "#2f6ea8"), (0.25, "#86b3d9"), (0.0, "#cfe2f3"))
_DARK = 0.5  # from here on a number stands in white
_NOTHING = "#f0f2f5"


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that is counted."""

    label: str
    value: float
    shown: str = ""  # what is written beside it; the value itself where empty
    href: str = ""  # the list behind the number, in a page; a paper has none

    @property
    def words(self) -> str:
        """The number as it is written."""
        return self.shown or number(self.value)


@dataclass(frozen=True, slots=True)
class Series:
    """What is counted over time: one bar for each place on the axis."""

    name: str
    bars: Sequence[Bar]


def bars(said: str, shown: Sequence[Bar]) -> str:
    """Return bars that lie one under another, longest as given; words cut where too long."""
    most = max((one.value for one in shown), default=0) or 1
    room = max((width_of(one.words) for one in shown), default=0) * _BOLD + 8
    label = min(_LABEL_ROOM, max((width_of(one.label) for one in shown), default=0)) + 8
    space = WIDTH - label - room
    drawn = []
    for nth, one in enumerate(shown):
        y = nth * (_BAR + _GAP)
        long = max(0.0, one.value) / most * space
        fill = {"x": label, "y": y, "width": long, "height": _BAR, "rx": 2.0, "fill": FIRST}
        drawn.append(
            linked(
                one.href,
                f"{one.label}: {one.words}",
                words_at(0, y + TEXT, fitted(one.label, label - 8)),
                element("rect", fill),
                words_at(label + long + 5, y + TEXT, one.words, weight="600"),
            )
        )
    height = max(1, len(shown)) * (_BAR + _GAP)
    return chart(said, height, drawn, leads=any(one.href for one in shown))


def columns(said: str, series: Sequence[Series]) -> str:
    """Return columns over time, those of one moment side by side; at most two series."""
    most = _round_up(_highest(series))
    step = (WIDTH - _LEFT) / max(1, _longest(series))
    wide = max(1.0, step * 0.8 / max(1, len(series)))
    drawn = [_axis(most), _legend(series), _under(series, step)]
    for nth, (one, fill) in enumerate(zip(series, _FILLS, strict=False)):
        for place, bar in enumerate(one.bars):
            high = max(0.0, bar.value) / most * (_FLOOR - _CEILING)
            x = _LEFT + place * step + step * 0.1 + nth * wide
            looks: dict[str, str | float] = {"x": x, "width": wide, "fill": fill}
            looks |= {"y": _FLOOR - high, "height": high}
            if bar.value > 0:
                name = f"{bar.label} {one.name}: {bar.words}"
                drawn.append(linked(bar.href, name, element("rect", looks)))
    return chart(said, _FLOOR + 20, drawn, leads=_leads(series))


def lines(said: str, series: Sequence[Series], top: float | None = None) -> str:
    """Return lines over time, a dot at each moment; `top` fixes the scale (100 for per cent).

    A value that is not a number (NaN) is a moment of which nothing is known: no dot.
    """
    most = top or _round_up(_highest(series))
    step = (WIDTH - _LEFT) / max(1, _longest(series))
    drawn = [_axis(most), _legend(series), _under(series, step)]
    for one, fill in zip(series, _FILLS, strict=False):
        spots = [
            (_LEFT + (place + 0.5) * step, _FLOOR - bar.value / most * (_FLOOR - _CEILING), bar)
            for place, bar in enumerate(one.bars)
            if not math.isnan(bar.value)
        ]
        path = " ".join(f"{number(x)},{number(y)}" for x, y, _ in spots)
        looks: dict[str, str | float] = {"points": path, "fill": "none", "stroke": fill}
        drawn.append(element("polyline", looks | {"stroke-width": 2.0}))
        for x, y, bar in spots:
            dot = element("circle", {"cx": x, "cy": y, "r": 3.0, "fill": fill})
            drawn.append(linked(bar.href, f"{bar.label} {one.name}: {bar.words}", dot))
    return chart(said, _FLOOR + 20, drawn, leads=_leads(series))


def heat(said: str, rows: Sequence[Series], heads: Sequence[str]) -> str:
    """Return cells, darker where more; `heads` are the words over the cells, "" for none."""
    left = max((width_of(row.name, _SMALL) for row in rows), default=0) + 6
    step = (WIDTH - left) / max(1, len(heads))
    most = _highest(rows) or 1
    drawn = [
        words_at(left + (nth + 0.5) * step, 10, head, anchor="middle", size=_SMALL, fill=SOFT)
        for nth, head in enumerate(heads)
        if head
    ]
    for down, row in enumerate(rows):
        y = 16 + down * 18.0
        drawn.append(words_at(0, y + 12, row.name, size=_SMALL, fill=SOFT))
        for nth, bar in enumerate(row.bars):
            looks = {"x": left + nth * step, "y": y, "width": step - 1, "height": 17.0}
            cell = element("rect", {**looks, "fill": _darkness(bar.value / most)})
            spot = (left + (nth + 0.5) * step - 0.5, y + 12)
            drawn.append(_cell(row.name, bar, cell, _in_cell(bar, most, spot, step)))
    return chart(said, 16 + 18.0 * len(rows), drawn, leads=_leads(rows))


def _cell(name: str, bar: Bar, *inside: str) -> str:
    said = f"{name} {bar.label}: {bar.words}"
    return linked(bar.href if bar.value > 0 else "", said, *inside)


def _in_cell(bar: Bar, most: float, spot: tuple[float, float], room: float) -> str:
    if bar.value <= 0 or width_of(bar.words, 9) > room:
        return ""
    fill = "#ffffff" if bar.value / most > _DARK else INK
    return words_at(*spot, bar.words, anchor="middle", size=9.0, fill=fill)


def _darkness(share: float) -> str:
    if share <= 0:
        return _NOTHING
    return next(fill for least, fill in _HEAT if share > least)


def _axis(most: float) -> str:
    """The floor, the middle and the top of what stands on a time axis, with their numbers."""
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = _FLOOR - share * (_FLOOR - _CEILING)
        parts.append(element("line", {"x1": _LEFT, "y1": y, "x2": WIDTH, "y2": y, "stroke": LINE}))
        says = "0" if share == 0 else number(most * share)
        parts.append(words_at(_LEFT - 5, y + 4, says, anchor="end", size=_SMALL, fill=SOFT))
    return "".join(parts)


def _legend(series: Sequence[Series]) -> str:
    """The names of the series, each beside a square of its colour."""
    parts, x = [], _LEFT
    for one, fill in zip(series, _FILLS, strict=False):
        parts.append(element("rect", {"x": x, "y": 2.0, "width": 9.0, "height": 9.0, "fill": fill}))
        parts.append(words_at(x + 13, 11, one.name, size=_SMALL, fill=SOFT))
        x += width_of(one.name, _SMALL) + 26
    return "".join(parts)


def _under(series: Sequence[Series], step: float) -> str:
    """The words under the axis: as many as have room, the first always."""
    if not series:
        return ""
    every = max(1, math.ceil(len(series[0].bars) / _MOST_WORDS))
    return "".join(
        words_at(_place(nth, step, bar.label), _FLOOR + 15, bar.label, size=_SMALL, fill=SOFT)
        for nth, bar in enumerate(series[0].bars)
        if nth % every == 0
    )


def _place(nth: int, step: float, label: str) -> float:
    """Where a label begins so that its middle stands under its place and it stays inside."""
    wide = width_of(label, _SMALL)
    return max(0.0, min(_LEFT + (nth + 0.5) * step - wide / 2, WIDTH - wide))


def _highest(series: Sequence[Series]) -> float:
    counted = (bar.value for one in series for bar in one.bars)
    return max((value for value in counted if not math.isnan(value)), default=0)


def _longest(series: Sequence[Series]) -> int:
    return max((len(one.bars) for one in series), default=0)


def _leads(series: Sequence[Series]) -> bool:
    return any(bar.href for one in series for bar in one.bars)


def _round_up(value: float) -> float:
    """Return the next of 2, 4, 10, 20, 40, 100 …: the middle of the axis is a whole number."""
    power = 1.0
    while True:
        for step in _STEPS:
            if value <= 2 * step * power:
                return 2 * step * power
        power *= 10
