"""What Chromium's own trace says of a page: first and largest paint, jumps, bytes."""

import json
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

_MICRO = 1000.0
_PAINTED = """() => new Promise(done => new PerformanceObserver(() =>
    requestAnimationFrame(() => requestAnimationFrame(done))
).observe({type: 'paint', buffered: true}))"""
_PAINTS = ("firstContentfulPaint", "largestContentfulPaint::Candidate")


@dataclass(frozen=True, slots=True)
class Seen:
    """One page as a browser with an empty cache saw it."""

    first_paint: float  # milliseconds from the beginning of the navigation
    largest_paint: float
    jumps: float  # the cumulative layout shift, without those that followed a press
    kib: float  # over the wire, everything the first view needs


def look(browser: Browser, page: Page, address: str) -> Seen:
    """Load a page with nothing in the cache and read the trace of it."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    categories = ["loading", "devtools.timeline", "blink.user_timing"]
    browser.start_tracing(page=page, categories=categories)
    page.goto(address, wait_until="load")
    page.evaluate(_PAINTED)  # not wait_for_function: that evaluates text, which our policy forbids
    trace = json.loads(browser.stop_tracing())
    network.detach()
    return read(trace["traceEvents"], sum(sizes) / 1024)


def read(events: list[dict[str, object]], kib: float) -> Seen:
    """Read the events of a trace; of several navigations in it the one that painted last."""
    told = [(str(event.get("name")), _at(event), _data(event)) for event in events]
    painted = [said for name, _, said in told if name == _PAINTS[0]]
    navigation = painted[-1]["navigationId"]
    mine = [(name, at, said) for name, at, said in told if said.get("navigationId") == navigation]
    begun = [at for name, at, _ in mine if name == "navigationStart"]
    start = begun[0] if begun else min(at for name, at, _ in told if name == "navigationStart")
    paints = {name: (at - start) / _MICRO for name, at, _ in mine if name in _PAINTS}
    jumps = sum(
        float(str(said["score"]))
        for name, _, said in told
        if name == "LayoutShift" and not said.get("had_recent_input")
    )
    first = paints[_PAINTS[0]]
    return Seen(first, max(first, paints.get(_PAINTS[1], first)), jumps, kib)


def _at(event: dict[str, object]) -> float:
    return float(str(event.get("ts", 0)))


def _data(event: dict[str, object]) -> dict[str, object]:
    given = event.get("args")
    said = given.get("data") if isinstance(given, dict) else None
    return said if isinstance(said, dict) else {}
