"""规则与催办, 试一试, 审计查询: pages of the administration that read more than they change."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.anchors import AnchorFile, UnreadableAnchorsError, verify
from bot.board.admin import Administration
from bot.board.answers import HEADERS, not_found, page
from bot.board.forms import Form, read_form
from bot.board.gate import Guest
from cases.permissions import Action
from handlers.admin import audit, rules_view
from handlers.admin.audit import Query
from handlers.admin.deed import WrongFieldsError
from handlers.admin.everything import may, pages_for
from handlers.admin.rules_draft import draft_of, in_force
from handlers.admin.try_out import try_out
from handlers.pages.fields import Given
from storage.audit import BrokenRow
from storage.work import Work

_WHOLE = re.compile(r"[0-9]{1,9}")
_LONGEST = 60
_FIELDS = ("text", "version", "level", "start")


@dataclass(frozen=True, slots=True)
class Chain:
    """Whether the audit chain holds."""

    is_whole: bool
    words: str


class RulesPages:
    """Draws these pages."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration
        self._parts = administration.parts

    def rules(self, request: Request, version: str) -> Response:
        """Show a version of the rulebook in plain sentences, the one in force unless asked."""
        guest = self._administration.enter(request, Action.ARRANGE)
        person, now = guest.visitor.person, self._parts.clock()
        with self._parts.database.read() as work:
            wish = self._administration.wish(work, guest)
            current = in_force(work).id
            chosen = int(version) if _WHOLE.fullmatch(version) else current
            versions = rules_view.versions(work, now)
            if chosen not in {one.id for one in versions}:
                return not_found()
            draft, waiting = rules_view.shown_draft(wish), rules_view.waiting(work)
            book = wish.desk.rulebook(chosen)
        return page(
            "admin_rules.html",
            200,
            visitor=guest,
            pages=pages_for(person),
            said=self._administration.said(guest),
            view=rules_view.view(book, is_current=chosen == current),
            draft=draft,
            waiting=waiting,
            versions=versions,
            may_edit=may(person, Action.ADMINISTER),
        )

    def show_try(self, request: Request, version: str) -> Response:
        """Show the empty box."""
        guest = self._administration.enter(request, Action.ARRANGE)
        return self._try(guest, Form({"version": (version[:_LONGEST],)}), is_asked=False)

    async def try_out(self, request: Request) -> Response:
        """Show what would become of a report; nothing of it is kept."""
        gate = self._administration.gate
        gate.must_be_ours(request)
        guest = await run_in_threadpool(self._administration.enter, request, Action.ARRANGE)
        form = await read_form(request)
        gate.must_match(guest, form.one("csrf"))
        return await run_in_threadpool(self._try, guest, form, is_asked=True)

    def _try(self, guest: Guest, form: Form, *, is_asked: bool) -> Response:
        faults: dict[str, str] = {}
        tried = None
        with self._parts.database.read() as work:
            wish = self._administration.wish(work, guest, given=Given(form.values))
            if is_asked:
                try:
                    tried = try_out(wish)
                except WrongFieldsError as wrong:
                    faults = wrong.faults
            kept, has_draft = in_force(work), draft_of(work) is not None
            levels = wish.desk.rulebook(kept.id).clocks.level_names
        return page(
            "admin_try.html",
            422 if faults else 200,
            visitor=guest,
            pages=pages_for(guest.visitor.person),
            asked={name: form.one(name) for name in _FIELDS},
            number=kept.number,
            has_draft=has_draft,
            levels=levels,
            faults=faults,
            tried=tried,
        )

    def audit(self, request: Request) -> Response:
        """Show what is sought in the audit, and whether its chain holds."""
        guest = self._administration.enter(request, Action.ADMINISTER)
        asked = request.query_params
        query, before = _query(request), asked.get("before", "")
        start = int(before) if _WHOLE.fullmatch(before) else None
        chain = self._chain() if asked.get("verify") == "1" else None
        with self._parts.database.read() as work:
            found, head = audit.search(work, query, start), work.audit.head()
        return page(
            "admin_audit.html",
            200,
            visitor=guest,
            pages=pages_for(guest.visitor.person),
            query=query,
            found=found,
            chain=chain,
            head=head.seq if head else 0,
            here=urlencode(_asked(query)),
        )

    def _chain(self) -> Chain:
        database, path = self._parts.database, self._administration.gate.place.configured.anchors
        try:
            anchor = AnchorFile(path).last() if path else None
            broken = verify(database, AnchorFile(path)) if path else self._broken()
        except UnreadableAnchorsError as fault:
            return Chain(is_whole=False, words=f"核对不了: {fault}")
        if broken is not None:
            return Chain(is_whole=False, words=f"审计链第 {broken.seq} 行: {broken.reason}")
        with database.read() as work:
            head = work.audit.head()
        against = f", 与库外记录的第 {anchor.seq} 行相符" if anchor else ", 没有库外记录可比"
        return Chain(
            is_whole=True, words=f"审计链完好: 到第 {head.seq if head else 0} 行{against}。"
        )

    def _broken(self) -> BrokenRow | None:
        with self._parts.database.read() as work:
            return work.audit.verify()

    def export(self, request: Request) -> Response:
        """Give out what is sought as a table; that too stands in the audit."""
        guest, query = self._administration.enter(request, Action.ADMINISTER), _query(request)
        with self._parts.database.read() as work:
            text = audit.exported(work, query)
        person, now = guest.visitor.person, self._parts.clock()

        def note(work: Work) -> None:
            work.audit.append(
                actor=person.userid,
                role="、".join(sorted(person.roles)),
                action="admin.audit.exported",
                object_type="audit",
                object_id="",
                result="done",
                details=_asked(query),
                now=now,
            )

        self._parts.database.run(note)
        headers = {"Content-Disposition": f'attachment; filename="duban-audit-{now:%Y%m%d}.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=HEADERS | headers)


def _query(request: Request) -> Query:
    asked = request.query_params
    return Query(
        *(asked.get(name, "")[:_LONGEST] for name in ("who", "what", "case", "first", "last"))
    )


def _asked(query: Query) -> dict[str, str]:
    whole = {
        "who": query.who,
        "what": query.what,
        "case": query.case,
        "first": query.first,
        "last": query.last,
    }
    return {name: value for name, value in whole.items() if value}


def add_rules(router: APIRouter, administration: Administration) -> None:
    """Add these pages."""
    pages = RulesPages(administration)

    @router.get("/rules")
    def rules(request: Request, version: str = "") -> Response:
        return pages.rules(request, version)

    @router.get("/try")
    def show_try(request: Request, version: str = "") -> Response:
        return pages.show_try(request, version)

    @router.post("/try")
    async def do_try(request: Request) -> Response:
        return await pages.try_out(request)

    @router.get("/audit")
    def audit_page(request: Request) -> Response:
        return pages.audit(request)

    @router.get("/audit/export")
    def export(request: Request) -> Response:
        return pages.export(request)
