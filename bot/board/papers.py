"""报告: papers about periods, the files of every paper, and edited ones taken in."""

import re
import secrets
from datetime import timedelta
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.board.answers import HEADERS, PageRoute, not_found, page, to
from bot.board.cases import Parts, said_on
from bot.board.forms import MOST_UPLOAD, File, read_form
from bot.board.gate import Gate, Guest
from bot.kept_files import keep_file
from bot.papers.maker import MEDIA
from cases.document_type import identify_upload, shown_name
from cases.errors import RefusalError
from cases.media_type import UnfitFileError
from cases.papers.model import Kind
from handlers.pages.papers import (
    Edited,
    add_edited,
    file_of,
    may_write,
    note_given,
    periodicals,
    reachable,
)
from handlers.pages.talk import Outcome, PageTalk, Told
from handlers.papers import chat
from storage.states import OneTimeKind
from storage.work import Work

_HERE = "papers"
_ONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")
_KINDS = (Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY, Kind.BULLETIN, Kind.LEDGER)
_PERIODS = ("今天", "昨天", "本周", "上周", "本月", "上月")
_MOST_WORDS = 2000
_REMEMBERED = timedelta(days=2)  # longer than a page may lie open


class PaperPages:
    """Answers everything under /papers."""

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self._parts = parts
        self._gate = gate

    def show(self, request: Request) -> Response:
        """Show the papers about periods."""
        guest, now = self._gate.enter(request), self._parts.clock()
        person = guest.visitor.person
        with self._parts.database.read() as work:
            found = periodicals(work, person, now)
        said = guest.visitor.session.said
        if said is not None:
            self._parts.database.run(
                lambda work: work.sessions.tell(guest.visitor.session.id, None)
            )
        return page(
            "papers.html",
            visitor=guest,
            now=now,
            papers=found,
            said=said if said and said.get("number") == _HERE else None,
            once=secrets.token_urlsafe(18),
            may_write=may_write(person, None),
            kinds=[kind.value for kind in _KINDS],
            periods=_PERIODS,
        )

    async def act(self, request: Request) -> Response:
        """Order a paper, or decide about one, by the sentence that a button stands for."""
        self._gate.must_be_ours(request)
        guest = await run_in_threadpool(self._gate.enter, request)
        form = await read_form(request)
        self._gate.must_match(guest, form.one("csrf"))
        once = form.one("once")
        if not _ONCE.fullmatch(once):
            return not_found()
        asked = {"report_type": form.one("kind"), "period": form.one("period")}
        words = f"{form.one('words')} {form.one('more')}".strip()[:_MOST_WORDS]
        return await run_in_threadpool(self._act, guest, once, words, asked)

    def _act(self, guest: Guest, once: str, words: str, asked: dict[str, str]) -> Response:
        now, person = self._parts.clock(), guest.visitor.person

        def act(work: Work) -> None:
            mark = f"{person.userid}:papers:{once}"
            until = now + _REMEMBERED
            is_first = work.sessions.use_once(
                OneTimeKind.FORM, mark, by=person.userid, now=now, until=until
            )
            if is_first:
                told = self._done(work, guest, words, asked)
                work.sessions.tell(guest.visitor.session.id, said_on(_HERE, told))

        self._parts.database.run(act)
        return to("/papers#said")

    def _done(self, work: Work, guest: Guest, words: str, asked: dict[str, str]) -> Told:
        person, now = guest.visitor.person, self._parts.clock()
        key = f"page:papers:{secrets.token_hex(8)}"
        talk = PageTalk(work, self._parts.desk.at(work), person, key, words, now)
        talk.spoken = words
        try:
            meant = chat.by_words(talk, words) if words else None
            answer = meant() if meant is not None else chat.ordered(talk, asked)
        except RefusalError as refusal:
            return Told(str(refusal), Outcome.REFUSED)
        return talk.told(answer, is_sentence=False)

    def give(self, request: Request, version_id: int, form: str) -> Response:
        """Give a file out, under a name of ours, to whoever may have the paper."""
        guest, now = self._gate.enter(request), self._parts.clock()
        person = guest.visitor.person
        with self._parts.database.read() as work:
            one = file_of(work, person, version_id, form)
        try:
            content = (self._parts.evidence / one.path).read_bytes()
        except OSError:
            return not_found()
        self._parts.database.run(lambda work: note_given(work, person, version_id, form, now))
        plain = f"paper-{version_id}.{form}"
        return Response(
            content,
            media_type=MEDIA[one.form].name,
            headers=HEADERS
            | {
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Content-Disposition": f'attachment; filename="{plain}"; '
                f"filename*=UTF-8''{quote(one.name)}",
            },
        )

    async def upload(self, request: Request, paper_id: int) -> Response:
        """Take an edited paper in: whether it may be is asked before it is read."""
        self._gate.must_be_ours(request)
        guest = await run_in_threadpool(self._gate.enter, request)
        back = await run_in_threadpool(self._back, guest, paper_id)
        form = await read_form(request, MOST_UPLOAD)
        self._gate.must_match(guest, form.one("csrf"))
        return await run_in_threadpool(self._keep, guest, paper_id, form.file, back)

    def _back(self, guest: Guest, paper_id: int) -> str:
        """Return the number of the paper's case, or `papers`, for whoever may bring a version."""
        with self._parts.database.read() as work:
            return reachable(work, guest.visitor.person, paper_id).subject or _HERE

    def _keep(self, guest: Guest, paper_id: int, file: File | None, back: str) -> Response:
        now, person = self._parts.clock(), guest.visitor.person

        def tell(work: Work, told: Told) -> None:
            work.sessions.tell(guest.visitor.session.id, said_on(back, told))

        try:
            if file is None or not file.name:
                raise UnfitFileError("请先选择一个文件")  # noqa: TRY301 - one answer for all
            found = identify_upload(file.content)
            kept = keep_file(self._parts.evidence, file.content, found.media)
            keep_file(self._parts.tray, file.content, found.media)
        except UnfitFileError as fault:
            refused = Told(f"没有收下: {fault}。", Outcome.REFUSED)
            self._parts.database.run(lambda work: tell(work, refused))
            return to(_page(back))
        edited = Edited(paper_id, kept, shown_name(file.name))

        def act(work: Work) -> None:
            tell(work, add_edited(work, self._parts.desk.at(work), person, edited, now))

        self._parts.database.run(act)
        return to(_page(back))


def _page(back: str) -> str:
    return "/papers#said" if back == _HERE else f"/case/{back}#said"


def build_papers(parts: Parts, gate: Gate) -> APIRouter:
    """Return the pages of papers."""
    router = APIRouter(prefix="/papers", route_class=PageRoute, include_in_schema=False)
    pages = PaperPages(parts, gate)

    @router.get("")
    def show(request: Request) -> Response:
        return pages.show(request)

    @router.post("/do")
    async def act(request: Request) -> Response:
        return await pages.act(request)

    @router.get("/files/{version_id}.{form}")
    def give(request: Request, version_id: int, form: str) -> Response:
        return pages.give(request, version_id, form)

    @router.post("/{paper_id}/files")
    async def upload(request: Request, paper_id: int) -> Response:
        return await pages.upload(request, paper_id)

    return router
