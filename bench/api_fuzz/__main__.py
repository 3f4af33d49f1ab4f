"""Fuzz the HTTP surface as five people: `python -m bench.api_fuzz --examples 60`.

No report is written unless the planted sins were caught in the same run.
"""

import argparse
import logging
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from schemathesis import GenerationMode

from bench.api_fuzz.asking import Asker, Found, ask
from bench.api_fuzz.surface import pages, vendors
from bench.commit import commit
from bot.api.reports import build_reports_api
from bot.source_keys import SourceKeys
from handlers.intake_import import take
from storage.database import Database
from tests.support.edge import Server, served
from tests.support.pages import Pages, open_pages

HOME = Path(__file__).parents[2]
REPORT = HOME / "docs" / "evidence" / "api-fuzz.md"
KEY = "k" * 32
SIN = "/sin/"
PEOPLE = {
    "(nobody)": "",
    "信息员": "wangxiaoyu",
    "责任单位联络员": "liuyang",
    "分管领导": "zhouguohua",
    "管理员": "admin",
}


@contextmanager
def surface(database: Database, folder: Path) -> Iterator[tuple[Pages, FastAPI]]:
    """Serve the pages and the vendors' interface in front of a fresh office."""
    server = Server()
    with served(server) as port:
        opened = open_pages(database, folder, (server, port))
        app = server.app
        assert isinstance(app, FastAPI)
        router = build_reports_api(
            database.run,
            keys=SourceKeys(database, {"城市监测": KEY}),
            take=lambda work, imported, now: take(work, opened.office.desk, imported, now),
            clock=lambda: opened.office.now,
        )
        app.include_router(router)
        yield opened, app
        opened.close()


def fuzz(
    database: Database, folder: Path, examples: int, seeded: int, people: Mapping[str, str]
) -> Found:
    """Ask every page as each of these people, and the vendors' interface with a key or none."""
    found = Found()
    with surface(database, folder) as (opened, app):
        _sin(app)
        known = {"number": opened.case(), "key": "person", "change_id": "1", "evidence_id": "1"}

        def tick() -> None:
            opened.office.now += timedelta(seconds=1)
            opened.clock.now += timedelta(seconds=1)

        for role, userid in people.items():
            headers, csrf = _as(opened, userid)
            asker = Asker(role, opened.url, headers, tick)
            ask(asker, pages(app, known, csrf), found, examples=examples, seeded=seeded)
        for name, key in {"vendor": KEY, "vendor without key": "x"}.items():
            held = {"authorization": f"Bearer {key}"}
            vendor = Asker(name, opened.url, held, tick, tuple(GenerationMode))
            ask(vendor, vendors(), found, examples=examples * 5, seeded=seeded)
    return found


def _as(opened: Pages, userid: str) -> tuple[dict[str, str], str]:
    """The headers of somebody signed in, and what their forms carry."""
    headers = {"origin": opened.place.origin}
    if not userid:
        return headers, "0" * 64
    browser = opened.signed_in(userid)
    headers["cookie"] = f"duban={browser.http.cookies['duban']}"
    return headers, browser.hidden("/sessions")["csrf"]


def _sin(app: FastAPI) -> None:
    """Plant a page that breaks and one that answers what none may."""

    @app.get(SIN + "breaks")
    def breaks() -> None:
        raise ZeroDivisionError

    @app.get(SIN + "json")
    def json() -> dict[str, str]:
        return {}


def report(found: Found, options: str, seconds: float) -> str:
    people = sorted({who for who, _ in found.asked})
    rows = []
    for who in people:
        mine = {status: n for (of, status), n in sorted(found.asked.items()) if of == who}
        said = ", ".join(f"{status}: {n}" for status, n in mine.items())
        rows.append(f"| {who} | {sum(mine.values())} | {said} |")
    table = "\n".join(rows)
    faults = "\n".join(f"- {what}" for what in sorted(found.faults)) or "None."
    return f"""# The HTTP surface, fuzzed

Made by `{options}` on commit {commit()}, {datetime.now(UTC):%Y-%m-%d}. Schemathesis asked
{len(found.operations)} operations {sum(found.asked.values())} times in {seconds:.0f} s: the
vendors' interface by its own OpenAPI, rightly and wrongly, every page by a description made of its
routes, with words that open, format and break. Checked: no 5xx, no answer that is not written down,
no other content type, no violation of the answer's schema. A page that broke and one that answered
JSON were planted, and found.

| as | asked | answers |
|---|---|---|
{table}

## Faults

{faults}

## Operations

{", ".join(f"`{one}`" for one in sorted(found.operations))}
"""


def judged(found: Found) -> tuple[dict[str, str], bool]:
    """The faults, and whether the planted ones are among them: a 500, and JSON."""
    planted = {what for what in found.faults if SIN in what}
    caught = {what.rpartition(": ")[2] for what in planted}
    return {k: v for k, v in found.faults.items() if k not in planted}, caught == {"200", "500"}


def main() -> int:
    """Ask, judge, report; 1 if there are faults, 2 if a sin was overlooked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=40)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    logging.disable(logging.ERROR)
    began = time.monotonic()
    with TemporaryDirectory(prefix="duban-api-") as place:
        database = Database(f"sqlite:///{place}/duban.db", audit_key=b"k" * 32)
        database.upgrade()
        found = fuzz(database, Path(place), given.examples, given.seed, PEOPLE)
        database.close()
    found.faults, is_proven = judged(found)
    if not is_proven:
        print("overlooked: the planted page")
        return 2
    options = f"python -m bench.api_fuzz --examples {given.examples} --seed {given.seed}"
    page = report(found, options, time.monotonic() - began)
    given.report.write_text(page, encoding="utf-8")
    print(f"{sum(found.asked.values())} requests, {len(found.faults)} faults: {given.report}")
    for what, why in found.faults.items():
        print(what, why[:600], sep="\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
