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
from sqlalchemy import create_engine, text

from bench.api_fuzz.asking import Asker, Found, ask
from bench.api_fuzz.surface import pages, vendors
from bench.commit import commit
from bench.faults.records import is_changed
from bot.api.reports import build_reports_api
from bot.source_keys import SourceKeys
from handlers.intake_import import take
from storage.database import Database
from storage.engines import parse
from tests.support import postgres
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


def table_of(found: Found) -> str:
    people = sorted({who for who, _ in found.asked})
    rows = ["| as | asked | answers |", "|---|---|---|"]
    for who in people:
        mine = {status: n for (of, status), n in sorted(found.asked.items()) if of == who}
        said = ", ".join(f"{status}: {n}" for status, n in mine.items())
        rows.append(f"| {who} | {sum(mine.values())} | {said} |")
    return "\n".join(rows)


def report(found: Mapping[str, Found], options: str, seconds: float) -> str:
    tables = "\n\n".join(f"## On {name}\n\n{table_of(one)}" for name, one in found.items())
    wrong = [f"- {name}: {what}" for name, one in found.items() for what in sorted(one.faults)]
    operations = {operation for one in found.values() for operation in one.operations}
    asked = sum(sum(one.asked.values()) for one in found.values())
    changed = "+" if is_changed() else ""
    return f"""# The HTTP surface, fuzzed

Made by `{options}` on commit {commit()}{changed}, {datetime.now(UTC):%Y-%m-%d}.
On {" and ".join(found)} Schemathesis asked {len(operations)} operations {asked} times
in {seconds:.0f} s: the
vendors' interface by its own OpenAPI, rightly and wrongly, every page by a description made of its
routes, with words that open, format and break. Checked: no 5xx, no answer that is not written down,
no other content type, no violation of the answer's schema. A page that broke and one that answered
JSON were planted, and found: the answers 500 are theirs.

{tables}

## Faults

{chr(10).join(wrong) or "None."}

## Operations

{", ".join(f"`{one}`" for one in sorted(operations))}
"""


def judged(found: Found) -> tuple[dict[str, str], bool]:
    """The faults, and whether the planted ones are among them: a 500, and JSON."""
    planted = {what for what in found.faults if SIN in what}
    caught = {what.rpartition(": ")[2] for what in planted}
    return {k: v for k, v in found.faults.items() if k not in planted}, caught == {"200", "500"}


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Have the address of an empty database of each kind there is."""
    home = postgres.new_home()
    found = {"SQLite": f"sqlite:///{folder}/duban.db"}
    try:
        server = postgres.find(home)
        engine = create_engine(parse(server.url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS duban_fuzz WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE duban_fuzz"))
        engine.dispose()
        found["PostgreSQL"] = server.database("duban_fuzz")
    except postgres.NoServerError as error:
        print(f"no PostgreSQL: {error}")
    try:
        yield found
    finally:
        postgres.stop(home)


def main() -> int:
    """Ask, judge, report; 1 if there are faults, 2 if a sin was overlooked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=40)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    logging.disable(logging.ERROR)
    began = time.monotonic()
    found: dict[str, Found] = {}
    with TemporaryDirectory(prefix="duban-api-") as place, databases(Path(place)) as urls:
        for name, url in urls.items():
            database = Database(url, audit_key=b"k" * 32)
            database.upgrade()
            folder = Path(place) / name
            folder.mkdir()
            one = found[name] = fuzz(database, folder, given.examples, given.seed, PEOPLE)
            database.close()
            one.faults, is_proven = judged(one)
            if not is_proven:
                print("overlooked: the planted page")
                return 2
    options = f"python -m bench.api_fuzz --examples {given.examples} --seed {given.seed}"
    page = report(found, options, time.monotonic() - began)
    given.report.write_text(page, encoding="utf-8")
    faults = {f"{name}: {k}": v for name, one in found.items() for k, v in one.faults.items()}
    asked = sum(sum(one.asked.values()) for one in found.values())
    print(f"{asked} requests, {len(faults)} faults: {given.report}")
    for what, why in faults.items():
        print(what, why[:600], sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
