"""The page of a case: shown, acted on, files taken in and given out."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.board.answers import HEADERS, PageRoute, not_found, page, to
from bot.board.forms import MOST_UPLOAD, File, read_form
from bot.board.gate import Gate, Guest
from bot.kept_files import keep_file
from cases.document_type import identify_upload, shown_name
from cases.media_type import UnfitFileError
from cases.permissions import not_found as no_case
from cases.wording.moments import clock_time
from handlers.desk import Desk
from handlers.pages import files
from handlers.pages.acts import SAY, Pressed, case_known, may_add_files, press
from handlers.pages.fields import Given
from handlers.pages.talk import Outcome, Told
from handlers.pages.view import files_of, view
from storage.database import Database
from storage.evidence import Evidence
from storage.states import EvidenceState
from storage.work import Work

Clock = Callable[[], datetime]

_NUMBER = re.compile(r"YQ-[0-9]{8}-[0-9]{3,6}")
_ONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")
_KINDS = {"image": "image", "audio": "voice", "video": "video"}
_INLINE = frozenset({"image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class Parts:
    """What the page needs beside the gate."""

    database: Database
    desk: Desk
    clock: Clock  # of the engine
    evidence: Path
    papers: Path | None = None  # where files lie that messages hand out

    @property
    def tray(self) -> Path:
        """Where a file is put that a message hands out."""
        return self.papers or self.evidence


class CasePages:
    """Answers everything under /case/."""

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self._parts = parts
        self._database = parts.database
        self._gate = gate

    def show(self, request: Request, number: str) -> Response:
        """Show the page of a case, and that it was opened."""
        guest = self._gate.enter(request)
        now, person = self._parts.clock(), guest.visitor.person
        if not _NUMBER.fullmatch(number):
            return not_found()
        with self._database.read() as work:
            seen = view(work, self._parts.desk.at(work), person, number, now)
            is_known = work.openings.is_known(seen.case.id, person.userid, now)
        said = guest.visitor.session.said
        if said is not None or not is_known:

            def note(work: Work) -> None:
                work.openings.add(seen.case.id, person.userid, now)
                work.sessions.tell(guest.visitor.session.id, None)

            self._database.run(note)
        return page(
            "case.html",
            visitor=guest,
            view=seen,
            said=said if said and said.get("number") == number else None,
            once=secrets.token_urlsafe(18),
            say=SAY,
            clock_time=clock_time,
        )

    async def act(self, request: Request, number: str) -> Response:
        """Do what a button of the page says, and lead back to the page that tells what came."""
        self._gate.must_be_ours(request)
        guest = await run_in_threadpool(self._gate.enter, request)
        form = await read_form(request)
        self._gate.must_match(guest, form.one("csrf"))
        once = form.one("once")
        if not (_NUMBER.fullmatch(number) and _ONCE.fullmatch(once)):
            return not_found()
        pressed = Pressed(number, form.one("act"), once, Given(form.values))
        return await run_in_threadpool(self._press, guest, pressed)

    def _press(self, guest: Guest, pressed: Pressed) -> Response:
        now, person = self._parts.clock(), guest.visitor.person

        def act(work: Work) -> None:
            told = press(work, self._parts.desk.at(work), person, pressed, now)
            work.sessions.tell(guest.visitor.session.id, said_on(pressed.number, told))

        self._database.run(act)
        return to(f"/case/{pressed.number}#said")

    async def upload(self, request: Request, number: str) -> Response:
        """Take a file in: whether it may be is asked before it is read."""
        self._gate.must_be_ours(request)
        guest = await run_in_threadpool(self._gate.enter, request)
        if not _NUMBER.fullmatch(number):
            return not_found()
        await run_in_threadpool(self._may_add, guest, number)
        form = await read_form(request, MOST_UPLOAD)
        self._gate.must_match(guest, form.one("csrf"))
        once = form.one("once")
        if not _ONCE.fullmatch(once):
            return not_found()
        return await run_in_threadpool(self._keep, guest, number, once, form.file)

    def _may_add(self, guest: Guest, number: str) -> None:
        with self._database.read() as work:
            case = case_known(work, guest.visitor.person, number)
            if not may_add_files(guest.visitor.person, case):
                raise no_case()

    def _keep(self, guest: Guest, number: str, once: str, file: File | None) -> Response:
        now, person = self._parts.clock(), guest.visitor.person
        try:
            if file is None or not file.name:
                raise UnfitFileError("请先选择一个文件")  # noqa: TRY301 - one answer for all
            found = identify_upload(file.content)
            kept = keep_file(self._parts.evidence, file.content, found.media)
        except UnfitFileError as fault:
            return self._not_taken(guest, number, f"没有收下: {fault}。")
        except OSError as fault:
            why = f"上传的材料写不进磁盘（{type(fault).__name__}）。请管理员检查材料目录。"
            self._database.run(lambda work: work.alarms.sound("evidence.disk", why, now))
            return self._not_taken(
                guest, number, "没有收下: 服务器写不进磁盘, 已告警, 请稍后再传。"
            )
        kind = _KINDS.get(found.media.name.partition("/")[0], "file")
        uploaded = files.Uploaded(number, once, shown_name(file.name), kind, kept)

        def act(work: Work) -> None:
            told = files.add(work, self._parts.desk.at(work), person, uploaded, now)
            self._tell(work, guest, number, told)

        self._database.run(act)
        return to(f"/case/{number}#said")

    def _not_taken(self, guest: Guest, number: str, why: str) -> Response:
        told = Told(why, Outcome.REFUSED)
        self._database.run(lambda work: self._tell(work, guest, number, told))
        return to(f"/case/{number}#said")

    def _tell(self, work: Work, guest: Guest, number: str, told: Told) -> None:
        work.sessions.tell(guest.visitor.session.id, said_on(number, told))

    def give(self, request: Request, number: str, evidence_id: str) -> Response:
        """Give a file out, under a name of ours, to whoever handles the case."""
        guest = self._gate.enter(request)
        if not _NUMBER.fullmatch(number):
            return not_found()
        with self._database.read() as work:
            case = case_known(work, guest.visitor.person, number)
            mine = {str(one.id): one for one in files_of(work, guest.visitor.person, case)}
        one = mine.get(evidence_id)
        if one is None or one.state is not EvidenceState.KEPT or one.path is None:
            return not_found()
        return _file(self._parts.evidence / one.path, number, one)


def _file(path: Path, number: str, one: Evidence) -> Response:
    kind = one.media_type or "application/octet-stream"
    ending = path.suffix.lstrip(".")
    way = "inline" if kind in _INLINE else "attachment"
    headers = HEADERS | {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f'{way}; filename="{number}-{one.id}.{ending}"',
    }
    try:
        return Response(path.read_bytes(), media_type=kind, headers=headers)
    except OSError:
        return not_found()


def said_on(number: str, told: Told) -> Mapping[str, object]:
    """Return what the page of this number tells next: of a case, or `papers`."""
    choices = [[choice.label, list(choice.says)] for choice in told.choices]
    head, how = told.outcome.value, told.outcome.name.lower()
    return {"number": number, "text": told.text, "head": head, "how": how, "choices": choices}


def build_cases(parts: Parts, gate: Gate) -> APIRouter:
    """Return the pages of cases."""
    router = APIRouter(prefix="/case", route_class=PageRoute, include_in_schema=False)
    pages = CasePages(parts, gate)

    @router.get("/{number}")
    def show(request: Request, number: str) -> Response:
        return pages.show(request, number)

    @router.post("/{number}/do")
    async def act(request: Request, number: str) -> Response:
        return await pages.act(request, number)

    @router.post("/{number}/files")
    async def upload(request: Request, number: str) -> Response:
        return await pages.upload(request, number)

    @router.get("/{number}/files/{evidence_id}")
    def give(request: Request, number: str, evidence_id: str) -> Response:
        return pages.give(request, number, evidence_id)

    return router
