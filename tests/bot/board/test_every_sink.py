"""Each hostile payload in each place where what people wrote comes out again (R20).

The sinks are enumerated from the code: a new page, list, broadcast, kind of payload, form of paper
or command fails here until it is listed with how it is looked at. What needs more than this file
(a browser, a terminal of its own) is named with the test that does it, and that test has to exist.
"""

import csv
import inspect
import io
import json
import logging
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from typer.main import get_command

import main
from bench.papers.pictures import text_of
from bot.command_line.subject_access import Subject, as_json, look
from bot.log_lines import LogLines
from bot.metrics import Watched, build_metrics
from bot.papers.maker import print_paper
from bot.papers.outlines import outlines
from bot.papers.word import Templates
from bot.pulse import Pulse, Shore
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from cases import cards, payload, robot_payload
from cases.broadcasts import Broadcast, BroadcastKind, Days
from cases.cells import Table as Cells
from cases.cells import cell_text
from cases.encoding import wecom_field, wecom_lines
from cases.papers.facts import said
from cases.papers.model import Form, Kind, Paper, Prose
from cases.phone_call import PhoneCall
from config.paper_settings import SHIPPED
from handlers.broadcasts import notices
from handlers.papers.content import Sheet
from handlers.post import Origin, Post
from tests.house_rules.test_threats import is_on
from tests.support.pages import Pages
from tests.support.routes import addresses
from tests.support.sinks import CORPUS, LIVE, MARK, Seen, marked, wrong_in_html


@dataclass(frozen=True)
class Hurt:
    """A town whose cases carry the payloads wherever a case carries words."""

    pages: Pages
    numbers: dict[str, str]

    @property
    def first(self) -> str:
        return next(iter(self.numbers.values()))


@pytest.fixture(scope="module")
def hurt(pages: Pages) -> Hurt:
    numbers = {}
    for name in CORPUS:
        number = numbers[name] = pages.case()
        short = number[-3:]
        pages.office.says("liuyang", f"{short} 经核实属实, {marked(name)}")
        with pages.office.database.work() as work:
            case = work.cases.by_number(number)
            assert case is not None
            words = marked(name)
            changed = replace(case, title=words, summary=words, platform=words[:40])
            work.cases.save(changed, [], by="t", now=pages.office.now)
    pages.as_("liuyang").upload(numbers["script"], f"{CORPUS['attribute']}.pdf", b"%PDF-1.4 x")
    return Hurt(pages, numbers)


# --- pages


# How each page is asked for; {case}: each of the hurt cases. None: it says nothing of a case.
PAGES: dict[str, str | None] = {
    "/": "/?show=all",
    "/board": "/board",
    "/case/{number}": "/case/{case}",
    "/case/{number}/review": "/case/{case}/review",
    "/search": "/search?q=" + MARK,
    "/statistics": "/statistics",
    "/statistics/list": "/statistics/list?what=cases",
    "/papers": "/papers",
    "/scores": "/scores",
    "/scores/{unit}": "/scores/cgj",
    "/drills": "/drills",
    "/drill/{number}": "/drill/1",
    "/sessions": "/sessions",
    "/admin": "/admin",
    "/admin/audit": "/admin/audit",
    "/admin/days": "/admin/days",
    "/admin/doors": "/admin/doors",
    "/admin/duty": "/admin/duty",
    "/admin/people": "/admin/people",
    "/admin/rules": "/admin/rules",
    "/admin/try": "/admin/try",
    "/admin/form/{key}": None,
    "/admin/undo/{change_id}": None,
    **dict.fromkeys(
        ("/sign-in", "/sign-in/back", "/sign-in/client", "/sign-in/link/{token}", "/sign-in/scan")
    ),
    **dict.fromkeys(
        ("/board/board.css", "/board/countdown.js", "/board/lamp.svg", "/board/living.js")
    ),
}
TELLS_TITLES = {"/", "/board", "/case/{number}", "/search", "/statistics/list"}
# Looked at by a test of their own: what it is, and which.
ELSEWHERE = {
    "/board/events": "tests/bot/board/test_in_a_browser.py"
    "::test_a_second_browser_sees_a_row_change_within_a_second_and_nothing_else_moves",
    "/admin/audit/export": "tests/bot/board/test_admin_rules.py"
    "::test_the_audit_is_given_out_masked_and_that_too_is_written_down",
    "/case/{number}/files/{evidence_id}": "tests/bot/board/test_case_page.py"
    "::test_a_file_is_kept_with_its_digest_told_of_and_given_back",
    "/papers/files/{version_id}.{form}": "tests/bot/board/test_paper_pages.py"
    "::test_the_page_of_a_case_lists_its_papers_and_gives_their_files",
    "forms of the administration": "tests/bot/board/test_admin_in_a_browser.py"
    "::test_hostile_words_in_every_field_stay_words",
    "pages in a browser, also printed": "tests/bot/board/test_in_a_browser.py"
    "::test_e01_words_from_outside_stay_words_wherever_they_are_shown",
    "the sandbox's page": "tests/bot/sandbox/test_page.py::test_words_from_outside_stay_words",
    "what the sandbox shows as alive": "tests/journeys/test_doors.py"
    "::test_c13_c14_c15_c18_hostile_words_are_inert_in_every_message_that_leaves",
}
OF_THE_FRAMEWORK = {"/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"}


def test_every_page_is_listed(hurt: Hurt) -> None:
    known = set(PAGES) | set(ELSEWHERE) | OF_THE_FRAMEWORK
    there = {path for method, path in addresses(hurt.pages.app.routes) if method == "GET"}
    assert there - known == set()
    assert {path for path in known if path.startswith("/")} - there == set()


def test_what_is_looked_at_elsewhere_is_there_and_not_switched_off() -> None:
    assert [one for one in ELSEWHERE.values() if not is_on(*one.split("::"))] == []


@pytest.mark.parametrize("path", [path for path, asked in PAGES.items() if asked])
def test_a_page_shows_words_and_nothing_but_words(hurt: Hurt, path: str) -> None:
    asked = PAGES[path] or ""
    numbers = list(hurt.numbers.values()) if "{case}" in asked else [hurt.first]
    who = "admin" if path.startswith("/admin") else "sunlei"
    shown = ""
    for number in numbers:
        answer = hurt.pages.as_(who).get(asked.replace("{case}", number))
        assert answer.status_code in {200, 404}, (path, answer.status_code)
        shown += answer.text
        assert wrong_in_html(answer.text) == [], path
    if path in TELLS_TITLES:
        assert MARK in shown


def test_each_payload_is_read_on_the_page_of_its_case(hurt: Hurt) -> None:
    for name, number in hurt.numbers.items():
        seen = Seen()
        seen.feed(hurt.pages.as_("sunlei").get(f"/case/{number}").text)
        assert f"{MARK}{list(CORPUS).index(name):02}" in "".join(seen.words), name


# --- lists as tables


@pytest.mark.parametrize("name", ["board", "todo", "numbers", "statistics"])
def test_a_list_that_is_taken_out_holds_words_alone(hurt: Hurt, name: str) -> None:
    browser = hurt.pages.as_("sunlei")
    given = {"csrf": browser.hidden("/sessions")["csrf"], "list": name, "query": "show=all"}
    taken = {kind: browser.post("/export", given | {"format": kind}) for kind in ("xlsx", "csv")}
    assert {answer.status_code for answer in taken.values()} == {200}
    wrong_in_xlsx(taken["xlsx"].content)
    rows = csv.reader(io.StringIO(taken["csv"].content.decode("utf-8-sig")))
    assert [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r")] == []


def wrong_in_xlsx(content: bytes) -> None:
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell for cell in cells if cell.hyperlink] == []
    parts = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert [one for one in parts if "externalLink" in one or "vba" in one] == []


# --- messages


def strings(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        yield from (one for part in found.values() for one in strings(part))
    elif isinstance(found, list):
        yield from (one for part in found for one in strings(part))


def left(hurt: Hurt) -> list[str]:
    """The payload of every message so far."""
    with closing(sqlite3.connect(hurt.pages.folder / "duban.db")) as connection:
        return [row[0] for row in connection.execute("SELECT payload FROM outbox")]


def test_every_broadcast_and_every_message_says_titles_as_words(hurt: Hurt) -> None:
    office = hurt.pages.office
    office.passes(hours=6)  # reminders, escalations
    with office.database.work() as work:
        post = Post(work, office.desk, office.now)
        for kind in BroadcastKind:
            one = Broadcast(kind, Days.DAILY, (time(18, 0),), units=("城管",))
            told = notices(work, office.desk, one, office.now, now=office.now)
            origin = Origin("broadcast", kind.value, "sink")
            post.tell(told, origin)
            for notice in told[:1]:
                post.post("市城管局", notice, origin)
    said = [words for row in left(hurt) for words in strings(json.loads(row))]
    assert sum(MARK in words for words in said) > len(CORPUS)
    ours = re.compile("<@[a-z]+>")  # of a person of the directory, by our own code
    assert [words for words in said if LIVE.search(ours.sub("", words))] == []


# Everything that builds what leaves; words come to it through `wecom_field` or `wecom_lines`.
BUILDERS = {
    "cases.payload": "app_file app_text chat_create chat_text chat_update cut robot_file "
    "robot_image robot_markdown robot_text",
    "cases.cards": "app_card card_update face robot_card settled task_id_of task_of template_card",
    "cases.robot_payload": "answer file mention read way_of_press welcome with_card",
}


def test_every_builder_of_a_message_is_listed() -> None:
    for module in (payload, cards, robot_payload):
        functions = inspect.getmembers(module, inspect.isfunction)
        own = [n for n, one in functions if one.__module__ == module.__name__ and n[0] != "_"]
        assert " ".join(own) == BUILDERS[module.__name__]


@pytest.mark.parametrize("name", CORPUS)
def test_a_payload_is_inert_in_every_kind_of_message(name: str) -> None:
    one, many = wecom_field(CORPUS[name]), wecom_lines(CORPUS[name])
    card = replace(cards.face(one, desc=many)[0], page="https://duban.example/")
    made = (
        payload.app_text(1, "sunlei", many, key="k"),
        payload.robot_text(many, ()),
        payload.robot_markdown(many),
        payload.chat_text("c", many),
        cards.app_card(1, "sunlei", card, key="k"),
        cards.robot_card(card),
        cards.card_update(1, ["sunlei"], "code", card),
    )
    said = [words for row in made for words in strings(json.loads(row))]
    assert [words for words in said if LIVE.search(words)] == []


# --- papers


def hurt_paper() -> Paper:
    """A letter whose words are the corpus."""
    words = "\n".join(said(one) for one in CORPUS.values())
    whole = next(one for one in outlines() if one.kind is Kind.NOTE)
    sections = [
        replace(one, field=replace(one.field, text=words)) if isinstance(one, Prose) else one
        for one in whole.sections
    ]
    return replace(whole, title=said(CORPUS["word"]), sections=tuple(sections))


def test_every_form_of_a_paper_holds_words_alone() -> None:
    listed = {Form.PDF, Form.DOCX, Form.XLSX}
    assert set(Form) == listed
    made = print_paper(hurt_paper(), Templates(SHIPPED), datetime(2026, 11, 20, tzinfo=UTC))
    whole = "".join(text_of(made.files[Form.PDF]))
    assert "DROP TABLE" in whole
    for risky in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile", b"/AA"):
        assert risky not in made.files[Form.PDF]
    archive = zipfile.ZipFile(io.BytesIO(made.files[Form.DOCX]))
    relations = [archive.read(one) for one in archive.namelist() if one.endswith(".rels")]
    assert not any(b"External" in one for one in relations)
    rows = tuple((cell_text(one), cell_text(one)) for one in CORPUS.values())
    sheet = Sheet(Cells("台账", "ledger", ("标题", "链接"), rows), ())
    printed = print_paper(sheet, Templates(SHIPPED), datetime(2026, 11, 20, tzinfo=UTC))
    wrong_in_xlsx(printed.files[Form.XLSX])


# --- what operators see


def test_a_log_line_stays_one_line() -> None:
    layout = LogLines("%(levelname)s %(message)s", ())
    for name, words in CORPUS.items():
        record = logging.LogRecord("x", logging.INFO, "f", 1, "told %s", (words,), None)
        line = layout.format(record)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]", line), name


def test_no_number_of_the_monitoring_is_named_after_words(hurt: Hurt, tmp_path: Path) -> None:
    boat, tally, office = Lifeboat(tmp_path / "boat"), Tally(), hurt.pages.office
    pulse = Pulse(
        office.database,
        ring=lambda *_: None,
        shore=Shore(boat, tally),
        clock=lambda: office.now,
    )
    places = {"spool": tmp_path}
    watched = Watched(office.database, pulse, boat, tally, lambda: office.now, places)
    app = FastAPI()
    app.include_router(build_metrics(watched))
    with TestClient(app, client=("127.0.0.1", 5000)) as client:
        shown = client.get("/metrics").text
    boat.close()
    assert "duban_" in shown
    assert MARK not in shown


@pytest.mark.parametrize("name", CORPUS)
def test_a_command_for_the_telephone_gets_no_option_and_no_shell(name: str) -> None:
    call = PhoneCall(CORPUS[name], CORPUS[name], "YQ-20261120-001", "words")
    assert not call.can_be_dialled
    assert call.fill("{name}") == CORPUS[name]  # one argument, whatever it holds


# Every command: what it prints of what people wrote, and how that is made harmless.
NO_WORDS = (
    *("serve", "migrate", "api-docs", "audit-watch", "demo", "story", "pause", "retention"),
    *("rearm", "link-for", "trial", "go-live", "upgrade", "reload", "init", "restore"),
    *("audit verify", "audit accept", "backup nightly", "backup verify", "papers templates"),
    *("evidence verify", "library index", "drill run", "drill list", "drill end", "drill sheet"),
    *("rules check", "rules explain", "rules apply", "rules export", "rules import"),
    *("people import", "people list", "people check"),
)
OWN_WORDS = (
    *("link", "understand", "read", "grade", "deadline"),  # what the operator has typed
    *("rules replay", "scores replay", "import-reports", "take-over"),  # his own files
)
COMMANDS = {
    **dict.fromkeys(NO_WORDS, "nothing"),
    **dict.fromkeys(OWN_WORDS, "the operator's own"),
    "resume": "messages as they wait, inert already",
    "subject-access": "JSON, nothing unseen in it",
    "papers print": "a file",
    "evidence export": "a file",
    "doctor": "names of the directory",
}


def test_every_command_is_listed() -> None:
    def walk(command: object, path: tuple[str, ...]) -> Iterator[str]:
        inside = getattr(command, "commands", {})
        for name, one in inside.items():
            yield from walk(one, (*path, name))
        if not inside:
            yield " ".join(path)

    assert set(walk(get_command(main.app), ())) == set(COMMANDS)


def test_the_list_of_what_is_kept_colours_no_terminal(hurt: Hurt) -> None:
    number = hurt.numbers["lines"]
    with hurt.pages.office.database.work() as work:
        found = look(work, Subject(case=number, reason="演示"), hurt.pages.office.now)
    shown = as_json(found)
    assert f"{MARK}{list(CORPUS).index('lines'):02}" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown)
    assert json.loads(shown).keys() == found.keys()
