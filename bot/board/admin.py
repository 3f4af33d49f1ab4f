"""管理: every change is shown first, then confirmed, then can be taken back; all by one way."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.board.answers import StopError, not_found, notice, page, to
from bot.board.cases import Parts
from bot.board.forms import MOST_UPLOAD, Form, read_form
from bot.board.gate import Gate, Guest
from bot.sheets import UnreadableTableError, rows_of
from cases.errors import RefusalError
from cases.people import Person
from cases.permissions import Action
from handlers.admin.changing import carry_out, undoing_of
from handlers.admin.deed import Deed, Proposed, Wish, WrongFieldsError
from handlers.admin.effects import Effects, effects
from handlers.admin.everything import DEEDS, KINDS, may, pages_for
from handlers.pages.fields import Field, Given
from handlers.ringing import plan
from storage.states import OneTimeKind
from storage.work import Work

SAID = "admin"  # of what a session is told: on which pages it is shown
_LONGEST_SUBJECT = 80
_OURS = frozenset({"csrf", "step", "seen", "once", "subject"})
_NOTHING = Given({})
_FORM_LIVES = timedelta(days=1)
_CELLS = 3  # columns of a table that are taken in


@dataclass(frozen=True, slots=True)
class Looked:
    """A change as its rehearsal showed it."""

    proposed: Proposed
    effects: Effects
    seen: str  # tells whether something changed since


@dataclass(frozen=True, slots=True)
class Asked:
    """A filled-in form of the administration."""

    guest: Guest
    subject: str
    form: Form
    secrets: list[str] = field(default_factory=list)


Propose = Callable[[Wish], Proposed]


@dataclass(frozen=True, slots=True)
class Way:
    """How a change is proposed, to which address its form goes, and where one is led back to."""

    propose: Propose
    path: str
    back: str
    undoes: int | None = None


def _way_of(deed: Deed) -> Way:
    return Way(deed.propose, f"/admin/do/{deed.key}", deed.back)


def _undo(wish: Wish) -> Proposed:
    return undoing_of(wish, KINDS)[2]


class Administration:
    """Shows, carries out and takes back; its pages are drawn elsewhere."""

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self.parts = parts
        self.gate = gate

    def enter(self, request: Request, action: Action) -> Guest:
        """Return who asks, if they may; else it stands in the audit.

        Raises:
            StopError: not signed in, or not permitted.
        """
        guest = self.gate.enter(request)
        self.permit(guest.visitor.person, action, request.url.path)
        return guest

    def permit(self, person: Person, action: Action, path: str) -> None:
        """Let the person do this.

        Raises:
            StopError: they may not.
        """
        if may(person, action):
            return
        now = self.parts.clock()
        self.parts.database.run(lambda work: _turned_away(work, person, path, now))
        raise StopError(notice("不能打开", "这一页由管理员使用, 需要时请联系管理员。", 403))

    def show(self, request: Request, key: str, subject: str) -> Response:
        """Show the form of a deed."""
        deed = DEEDS.get(key)
        if deed is None:
            return not_found()
        guest = self.enter(request, deed.action)
        with self.parts.database.read() as work:
            try:
                fields = deed.fields(self.wish(work, guest, subject))
            except RefusalError as refusal:
                return self.refused(guest, deed.back, str(refusal))
        if not fields:
            return self._looked_at(Asked(guest, subject, Form({})), deed)
        return self._form(guest, deed, subject, fields)

    def _form(
        self, guest: Guest, deed: Deed, subject: str, fields: tuple[Field, ...], **more: object
    ) -> Response:
        values = {"faults": {}, "why": ""} | more
        status = 422 if values["faults"] or values["why"] else 200
        return page(
            "admin_form.html", status, visitor=guest, deed=deed, subject=subject, fields=fields,
            pages=pages_for(guest.visitor.person), **values,
        )  # fmt: skip

    def refused(self, guest: Guest, back: str, why: str) -> Response:
        """Say why a change cannot be made."""
        pages = pages_for(guest.visitor.person)
        return page("admin_refused.html", 409, visitor=guest, back=back, why=why, pages=pages)

    async def act(self, request: Request, key: str) -> Response:
        """Take a filled-in form: show what it would do, or do it."""
        self.gate.must_be_ours(request)
        guest = await run_in_threadpool(self.gate.enter, request)
        deed = DEEDS.get(key)
        if deed is None:
            return not_found()
        await run_in_threadpool(self.permit, guest.visitor.person, deed.action, request.url.path)
        form = await read_form(request, MOST_UPLOAD)
        self.gate.must_match(guest, form.one("csrf"))
        asked = Asked(guest, form.one("subject")[:_LONGEST_SUBJECT], _with_table(form))
        return await run_in_threadpool(self._answer, asked, deed)

    def _answer(self, asked: Asked, deed: Deed) -> Response:
        if asked.form.one("step") != "do":
            return self._looked_at(asked, deed)
        return self._do(asked, _way_of(deed))

    def _looked_at(self, asked: Asked, deed: Deed) -> Response:
        try:
            return self._look(asked, _way_of(deed))
        except WrongFieldsError as wrong:
            return self._again(asked, deed, wrong.faults, "")
        except RefusalError as refusal:
            return self._again(asked, deed, {}, str(refusal))

    def _look(self, asked: Asked, way: Way) -> Response:
        """Show what a change would do, and to whom it would be told.

        Raises:
            RefusalError: it cannot be made.
        """
        looked = self.rehearsed(asked, way.propose)
        kept = asked.form.values.items()
        return page(
            "admin_confirm.html",
            visitor=asked.guest,
            pages=pages_for(asked.guest.visitor.person),
            looked=looked,
            subject=asked.subject,
            values=[(name, value) for name, all_ in kept if name not in _OURS for value in all_],
            once=secrets.token_urlsafe(18),
            path=way.path,
            back=way.back,
        )

    def _again(self, asked: Asked, deed: Deed, faults: dict[str, str], why: str) -> Response:
        with self.parts.database.read() as work:
            try:
                fields = deed.fields(self.wish(work, asked.guest, asked.subject))
            except RefusalError as refusal:
                return self.refused(asked.guest, deed.back, str(refusal))
        if not fields:
            return self.refused(asked.guest, deed.back, why)
        given = Given(asked.form.values)
        filled = tuple(one.filled(given) for one in fields)
        return self._form(asked.guest, deed, asked.subject, filled, faults=faults, why=why)

    def rehearsed(self, asked: Asked, propose: Propose) -> Looked:
        """Return what a change would do; nothing of it stays.

        Raises:
            RefusalError: it cannot be made.
        """

        def act(work: Work) -> Looked:
            proposed = propose(self._wish(work, asked))
            seen = _digest(proposed)
            proposed.carry()
            return Looked(proposed, effects(work), seen)

        return self.parts.database.rehearse(act)

    def _do(self, asked: Asked, way: Way) -> Response:
        try:
            made = self.parts.database.run(lambda work: self._carried(work, asked, way))
        except RefusalError as refusal:
            return self.refused(asked.guest, way.back, str(refusal))
        if made is None:
            return self._look(asked, way)
        if made.plans:  # what rings though nothing happens: by the rules that hold from now on
            now, desk = self.parts.clock(), self.parts.desk
            self.parts.database.run(lambda work: plan(work, desk.at(work), now))
        if asked.secrets:
            pages, secret = pages_for(asked.guest.visitor.person), asked.secrets[0]
            values = {"pages": pages, "back": way.back, "title": made.title, "secret": secret}
            return page("admin_secret.html", 200, visitor=asked.guest, **values)
        return to(way.back)

    def _carried(self, work: Work, asked: Asked, way: Way) -> Proposed | None:
        """Carry a change out as it was seen; None where it would be another one by now."""
        asked.secrets.clear()
        wish = self._wish(work, asked)
        proposed = way.propose(wish)
        if _digest(proposed) != asked.form.one("seen"):
            return None
        self._once(work, asked)
        done = carry_out(wish, proposed, way.undoes)
        told = {"number": SAID, "text": f"已办: {proposed.title}。", "change": done}
        work.sessions.tell(asked.guest.visitor.session.id, told)
        return proposed

    def _once(self, work: Work, asked: Asked) -> None:
        now, by = self.gate.clock(), asked.guest.visitor.person.userid
        once, until = asked.form.one("once"), now + _FORM_LIVES
        if not once or not work.sessions.use_once(
            OneTimeKind.FORM, once, by=by, now=now, until=until
        ):
            raise RefusalError("这个表单已经提交过, 没有再办一次。")

    def show_undoing(self, request: Request, change_id: str) -> Response:
        """Show what taking a change back would do."""
        guest = self.gate.enter(request)
        return self._undo(request, Asked(guest, change_id[:_LONGEST_SUBJECT], Form({})))

    async def undo(self, request: Request, change_id: str) -> Response:
        """Take a change back."""
        self.gate.must_be_ours(request)
        guest = await run_in_threadpool(self.gate.enter, request)
        form = await read_form(request)
        self.gate.must_match(guest, form.one("csrf"))
        asked = Asked(guest, change_id[:_LONGEST_SUBJECT], form)
        return await run_in_threadpool(self._undo, request, asked)

    def _undo(self, request: Request, asked: Asked) -> Response:
        person = asked.guest.visitor.person
        self.permit(person, Action.ARRANGE, request.url.path)
        try:
            with self.parts.database.read() as work:
                change, undoing, _ = undoing_of(self._wish(work, asked), KINDS)
        except RefusalError as refusal:
            return self.refused(asked.guest, "/admin", str(refusal))
        self.permit(person, undoing.action, request.url.path)
        way = Way(_undo, f"/admin/undo/{change.id}", undoing.back, change.id)
        try:
            return (
                self._do(asked, way) if asked.form.one("step") == "do" else self._look(asked, way)
            )
        except RefusalError as refusal:
            return self.refused(asked.guest, "/admin", str(refusal))

    def _wish(self, work: Work, asked: Asked) -> Wish:
        wish = self.wish(work, asked.guest, asked.subject)
        return replace(wish, given=Given(asked.form.values), shown_once=asked.secrets)

    def wish(self, work: Work, guest: Guest, subject: str = "", given: Given = _NOTHING) -> Wish:
        """Return what somebody wishes, without a form what the pages show."""
        desk, now = self.parts.desk.at(work), self.parts.clock()
        return Wish(work, desk, guest.visitor.person, subject, given, now)

    def said(self, guest: Guest) -> dict[str, object] | None:
        """Return what was just done, once."""
        said = guest.visitor.session.said
        if said is None or said.get("number") != SAID:
            return None
        self.parts.database.run(lambda work: work.sessions.tell(guest.visitor.session.id, None))
        return dict(said)


def _digest(proposed: Proposed) -> str:
    kept = [proposed.kind, proposed.subject, proposed.title, dict(proposed.before)]
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _turned_away(work: Work, person: Person, path: str, now: datetime) -> None:
    work.audit.append(
        actor=person.userid,
        role="、".join(sorted(person.roles)),
        action="admin.open",
        object_type="page",
        object_id=path[:_LONGEST_SUBJECT],
        result="denied",
        details={},
        now=now,
    )


def _with_table(form: Form) -> Form:
    """Return the form with an uploaded table as the text it would have been pasted as.

    Raises:
        StopError: it is no table.
    """
    if form.file is None or not form.file.name:
        return form
    try:
        rows = rows_of(form.file.content)
    except UnreadableTableError as fault:
        raise StopError(notice("没有导入", f"{fault}。请返回重选文件。", 422)) from None
    lines = ("\t".join(one.replace("\t", " ").strip() for one in row[:_CELLS]) for row in rows)
    return Form({**form.values, "rows": ("\n".join(line for line in lines if line.strip()),)})
