"""考核, 演练结果, 复盘 and 案例要点: the pages of what is learned."""

import re

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.board.answers import PageRoute, StopError, not_found, notice, page, to
from bot.board.cases import Parts
from bot.board.forms import read_form
from bot.board.gate import Gate, Guest
from cases.errors import NotFoundError, RefusalError
from cases.library.lessons import QUESTIONS, Asked
from cases.wording.drills import span_words, speed_words, verdict
from cases.wording.moments import clock_time, span
from cases.wording.scores import number as points
from handlers.pages import learning
from storage.work import Work

_NUMBER = re.compile(r"YQ-[0-9]{8}-[0-9]{3,6}")
_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_UNIT = re.compile(r"[0-9a-z_-]{1,40}")
_ID = re.compile(r"[1-9][0-9]{0,8}")


class _Pages:
    """Answers everything about what is learned."""

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self._parts = parts
        self._gate = gate

    def scores(self, request: Request, month: str = "", unit: str = "") -> Response:
        """Show the scores of a month: of all units, or the points of one."""
        guest, now = self._gate.enter(request), self._parts.clock()
        asked = month if _MONTH.fullmatch(month) else ""
        if unit and not _UNIT.fullmatch(unit):
            return not_found()
        try:
            with self._parts.database.read() as work:
                desk = self._parts.desk.at(work)
                shown = learning.scores(work, desk, guest.visitor.person, (asked, unit), now)
        except NotFoundError:
            return not_found()
        except RefusalError as refusal:
            raise StopError(notice("考核", str(refusal), 403)) from refusal
        name = "score_unit.html" if shown.one else "scores.html"
        return page(name, visitor=guest, shown=shown, now=now, points=points, clock_time=clock_time)

    def drills(self, request: Request) -> Response:
        """Show the drills there were."""
        guest, now = self._gate.enter(request), self._parts.clock()
        with self._parts.database.read() as work:
            listed = learning.drills(work, guest.visitor.person)
        return page(
            "drills.html",
            visitor=guest,
            drills=listed,
            now=now,
            clock_time=clock_time,
            speed_words=speed_words,
        )

    def drill(self, request: Request, number: str) -> Response:
        """Show the result sheet of a drill."""
        guest, now = self._gate.enter(request), self._parts.clock()
        if not _ID.fullmatch(number):
            return not_found()
        with self._parts.database.read() as work:
            sheet = learning.drill(work, guest.visitor.person, int(number), now)
        return page(
            "drill.html",
            visitor=guest,
            sheet=sheet,
            now=now,
            clock_time=clock_time,
            span_words=span_words,
            speed_words=speed_words,
            verdict=verdict(sheet),
        )

    def review(self, request: Request, number: str) -> Response:
        """Show the review of a case, with what it teaches."""
        guest, now = self._gate.enter(request), self._parts.clock()
        if not _NUMBER.fullmatch(number):
            return not_found()
        with self._parts.database.read() as work:
            desk = self._parts.desk.at(work)
            seen = learning.review_of(work, desk, guest.visitor.person, number, now)
        return page(
            "review.html",
            visitor=guest,
            review=seen.review,
            case=seen.case,
            may_fill=seen.may_fill,
            questions=QUESTIONS,
            drawing=seen.review.drawing(),
            now=now,
            clock_time=clock_time,
            span=span,
        )

    async def fill(self, request: Request, number: str) -> Response:
        """Keep what the case teaches, as the form says."""
        self._gate.must_be_ours(request)
        guest = await run_in_threadpool(self._gate.enter, request)
        form = await read_form(request)
        self._gate.must_match(guest, form.one("csrf"))
        if not _NUMBER.fullmatch(number):
            return not_found()
        said = {what: form.one(what.name.lower()) for what in Asked}
        return await run_in_threadpool(self._keep, guest, number, said)

    def _keep(self, guest: Guest, number: str, said: dict[Asked, str]) -> Response:
        now, person = self._parts.clock(), guest.visitor.person

        def act(work: Work) -> None:
            learning.fill(work, self._parts.desk.at(work), person, (number, said), now)

        try:
            self._parts.database.run(act)
        except RefusalError as refusal:
            return notice("没有保存", str(refusal), 403)
        return to(f"/case/{number}/review#lesson")


def build_learning(parts: Parts, gate: Gate) -> APIRouter:
    """Return the pages of scores, drills and reviews."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages = _Pages(parts, gate)
    router.add_api_route("/scores", pages.scores, methods=["GET"])
    router.add_api_route("/scores/{unit}", pages.scores, methods=["GET"])
    router.add_api_route("/drills", pages.drills, methods=["GET"])
    router.add_api_route("/drill/{number}", pages.drill, methods=["GET"])
    router.add_api_route("/case/{number}/review", pages.review, methods=["GET"])
    router.add_api_route("/case/{number}/lesson", pages.fill, methods=["POST"])
    return router
