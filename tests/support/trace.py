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
    return read(trace["traceEvents"], page.url, sum(sizes) / 1024)


def read(events: list[dict[str, object]], address: str, kib: float) -> Seen:
    """Read the events of a trace of one navigation."""
    data = [(event, _data(event)) for event in events]
    begun = [
        event
        for event, said in data
        if event.get("name") == "navigationStart" and said.get("documentLoaderURL") == address
    ]
    frame, start = _frame(begun[-1]), float(str(begun[-1]["ts"]))
    paints = dict.fromkeys(_PAINTS, 0.0)
    jumps = 0.0
    for event, said in data:
        name = str(event.get("name"))
        if name in paints and _frame(event) == frame:
            paints[name] = max(paints[name], (float(str(event["ts"])) - start) / _MICRO)
        if name == "LayoutShift" and not said.get("had_recent_input") and _is_of(said, event):
            jumps += float(str(said["score"]))
    return Seen(paints[_PAINTS[0]], paints[_PAINTS[1]], jumps, kib)


def _is_of(said: dict[str, object], event: dict[str, object]) -> bool:
    return bool(said.get("is_main_frame", True)) and "ts" in event


def _data(event: dict[str, object]) -> dict[str, object]:
    given = event.get("args")
    said = given.get("data") if isinstance(given, dict) else None
    return said if isinstance(said, dict) else {}


def _frame(event: dict[str, object]) -> object:
    given = event.get("args")
    return given.get("frame") if isinstance(given, dict) else None
