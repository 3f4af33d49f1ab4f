"""The charts of the statistics: each bar, dot and cell leads to the list behind its number."""

import math
from collections.abc import Callable, Sequence

from cases.drawing.charts import Bar, Series, bars, columns, heat, lines
from cases.statistics.behind import Number
from cases.statistics.figures import Moment, percent
from handlers.pages.statistics import Figure, Statistics

Leads = Callable[[Number], str]  # where the list behind a number is

_DAYS = "一二三四五六日"
_EVERY = 3  # hours that are named over the cells
_HUNDRED = 100


def charts(shown: Statistics, leads: Leads) -> dict[str, str]:
    """Return the charts of the page as SVG, by their place in it."""
    return {
        "levels": bars("各等级登记件数", _bars(shown.levels, leads)),
        "platforms": bars("各平台登记件数", _bars(shown.platforms, leads)),
        "units": bars("各主办单位登记件数", _bars(shown.units, leads)),
        "states": bars("登记的件现在的状态", _bars(shown.states, leads)),
        "trend": columns(f"登记和办结趋势 ({shown.grain.label})", _trend(shown, leads)),
        "shares": lines(f"按时率趋势 ({shown.grain.label})", _shares(shown), top=_HUNDRED),
        "hours": heat("登记时段", _hours(shown, leads), _heads()),
    }


def _bars(figures: Sequence[Figure], leads: Leads) -> list[Bar]:
    return [Bar(one.label, one.count, href=leads(one.number)) for one in figures]


def _trend(shown: Statistics, leads: Leads) -> list[Series]:
    registered = [
        Bar(spot.label, spot.registered.count, href=leads(spot.registered.number))
        for spot in shown.trend
    ]
    closed = [
        Bar(spot.label, spot.closed.count, href=leads(spot.closed.number)) for spot in shown.trend
    ]
    return [Series("登记", registered), Series("办结", closed)]


def _shares(shown: Statistics) -> list[Series]:
    found = []
    for nth, name in enumerate(("签收", "办结")):
        shares = [(spot.label, spot.shares[nth]) for spot in shown.trend]
        dots = [
            Bar(label, math.nan if share is None else share * _HUNDRED, percent(share))
            for label, share in shares
        ]
        found.append(Series(f"{name}按时率 %", dots))
    return found


def _hours(shown: Statistics, leads: Leads) -> list[Series]:
    return [
        Series(
            f"周{name}",
            [
                Bar(
                    f"{hour} 时",
                    shown.hours[Moment(day, hour)],
                    href=leads(Number(weekday=day, hour=hour)),
                )
                for hour in range(24)
            ],
        )
        for day, name in enumerate(_DAYS)
    ]


def _heads() -> list[str]:
    return [str(hour) if hour % _EVERY == 0 else "" for hour in range(24)]
