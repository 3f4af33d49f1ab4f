"""POST /api/reports: a monitoring vendor reports, once for each id of its own.

Who posted something is no part of a report (decision 29): such fields are dropped here, before
anything is written, and only their names go back to the caller.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.utils import get_openapi
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    StringConstraints,
    ValidationError,
)
from starlette.requests import ClientDisconnect

from cases.errors import RefusalError
from handlers.intake_import import Imported, Taken
from storage.errors import ConcurrentChange, Unavailable
from storage.work import Work

MOST_BYTES = 64 * 1024
_A_MINUTE = 120  # reports of one source
_MOST_DROPPED = 20

Clock = Callable[[], datetime]
Take = Callable[[Work, Imported, datetime], Taken]
Act = Callable[[Work], Taken | datetime]
Run = Callable[[Act], Taken | datetime]


def _typed(text: str) -> str:
    """Leave out what no keyboard types; PostgreSQL takes no NUL."""
    return _UNTYPED.sub("", text).strip()


_UNTYPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_typed)]
Text = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_typed)]
Url = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_typed)]


class Keys(Protocol):
    """Knows whose a key is, and notes that it was used."""

    def holder(self, key: str) -> str | None:
        """Return whose key this is, None where it is nobody's."""

    def note(self, work: Work, source: str, key: str, now: datetime) -> None:
        """Note in the transaction of a report that the key was used."""


class Metrics(BaseModel):
    """Figures as the page shows them; of the poster's own (粉丝数) none is taken."""

    model_config = ConfigDict(strict=True, extra="ignore")

    reads: NonNegativeInt | None = None
    plays: NonNegativeInt | None = None
    comments: NonNegativeInt | None = None
    replies: NonNegativeInt | None = None
    reposts: NonNegativeInt | None = None
    likes: NonNegativeInt | None = None
    favorites: NonNegativeInt | None = None
    total: NonNegativeInt | None = None


class ReportIn(BaseModel):
    """One report: a link, or a platform and what happened. Other fields are dropped."""

    model_config = ConfigDict(strict=True, extra="ignore")

    id: Annotated[str, AfterValidator(_typed), StringConstraints(min_length=1, max_length=128)] = (
        Field(description="来源自己的编号; 同一编号只登记一次")
    )
    title: Line = ""
    summary: Text = ""
    url: Url = ""
    related: list[Url] = Field(default=[], max_length=9)
    platform: Line = ""
    media: Line = ""
    appeal: Text = ""
    units: list[Line] = Field(default=[], max_length=10)
    posted_at: AwareDatetime | None = None
    metrics: Metrics = Metrics()


class ReportOut(BaseModel):
    """What became of it."""

    number: str
    is_repeat: bool = Field(description="这个编号以前登记过, 这次没有再登记")
    place: int = Field(description="这一件共收到几次报告, 含本次")
    dropped: list[str] = Field(description="没有收下的字段名, 例如发帖人资料")


_SCHEMA = ReportIn.model_json_schema(ref_template="#/components/schemas/{model}")
_PARTS = _SCHEMA.pop("$defs")  # a reference in a description leads to its components
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": _SCHEMA}},
    },
    "security": [{"source": []}],
}
_ANSWERS: dict[int | str, dict[str, object]] = {
    200: {"description": "这个编号以前登记过", "model": ReportOut},
    401: {"description": "密钥不对"},
    413: {"description": "超过 64 kB"},
    422: {"description": "内容不合要求, detail 说明哪一处"},
    429: {"description": "太快, 请按 Retry-After 再试"},
    503: {"description": "暂时收不下, 请稍后用同一编号再发"},
}


def build_reports_api(run: Run, *, keys: Keys, take: Take, clock: Clock) -> APIRouter:
    """Return the router; `keys` knows whose a key is, `run` is a transaction."""
    router = APIRouter(prefix="/api/reports", tags=["reports"])

    @router.post("", status_code=201, responses=_ANSWERS, openapi_extra=_BODY)
    async def report(request: Request, response: Response) -> ReportOut:
        """上报一条. 头部 Authorization: Bearer <密钥>."""
        key = _key(request)
        source = await run_in_threadpool(_source, keys, key)
        raw = await _body(request)
        given = _read(raw)

        def act(work: Work) -> Taken | datetime:
            now = clock()
            keys.note(work, source, key, now)
            later = work.budgets.take(f"source:{source}", _A_MINUTE, 60, now)
            return later if later is not None else take(work, _imported(source, given), now)

        taken = await run_in_threadpool(_run, run, act)
        if isinstance(taken, datetime):
            wait = max(1, round((taken - clock()).total_seconds()))
            raise HTTPException(429, "太快了, 请稍后再发", {"Retry-After": str(wait)})
        response.status_code = 200 if taken.is_repeat else 201
        return ReportOut(
            number=taken.number,
            is_repeat=taken.is_repeat,
            place=taken.place,
            dropped=_dropped(raw),
        )

    @router.get("/openapi.json", include_in_schema=False)
    def describe(request: Request) -> dict[str, object]:
        _source(keys, _key(request))
        return description()

    return router


def description() -> dict[str, object]:
    """Return the OpenAPI description of this interface alone."""
    pages = FastAPI()
    pages.include_router(
        build_reports_api(_never, keys=_NoKeys(), take=_take_none, clock=_no_clock)
    )
    found: dict[str, object] = get_openapi(title="督办 上报接口", version="1", routes=pages.routes)
    components = found.setdefault("components", {})
    if isinstance(components, dict):
        components["schemas"] |= _PARTS
        components["securitySchemes"] = {"source": {"type": "http", "scheme": "bearer"}}
    return found


class _NoKeys:
    """Nobody's keys: for the description."""

    def holder(self, _key: str) -> str | None:
        """Nobody."""
        return None

    def note(self, _work: Work, _source: str, _key: str, _now: datetime) -> None:
        """Nothing."""


def _never(_act: Act) -> Taken | datetime:
    raise Unavailable("这里只有说明")


def _take_none(_work: Work, _imported: Imported, _now: datetime) -> Taken:
    raise Unavailable("这里只有说明")


def _no_clock() -> datetime:
    raise Unavailable("这里只有说明")


def _key(request: Request) -> str:
    """Return the key that the request holds."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401, "密钥不对", {"WWW-Authenticate": "Bearer"})
    return given.strip()


def _source(keys: Keys, key: str) -> str:
    """Return whose key this is."""
    try:
        name = keys.holder(key)
    except Unavailable:
        raise HTTPException(503, "暂时收不下, 请稍后用同一编号再发") from None
    if name is None:
        raise HTTPException(401, "密钥不对", {"WWW-Authenticate": "Bearer"})
    return name


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise HTTPException(413, "一条上报不超过 64 kB")
    except ClientDisconnect:
        raise HTTPException(400) from None  # heard by nobody
    return bytes(body)


def _read(raw: bytes) -> ReportIn:
    try:
        return ReportIn.model_validate_json(raw)
    except ValidationError as fault:
        places = [
            {"field": ".".join(map(str, one["loc"])), "why": one["msg"]}
            for one in fault.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise HTTPException(422, places) from None


def _dropped(raw: bytes) -> list[str]:
    given = json.loads(raw)
    names = [name for name in given if name not in ReportIn.model_fields]
    figures = given.get("metrics")
    inside = figures if isinstance(figures, dict) else {}
    names += [f"metrics.{name}" for name in inside if name not in Metrics.model_fields]
    return [name[:64] for name in names[:_MOST_DROPPED]]


def _imported(source: str, given: ReportIn) -> Imported:
    return Imported(
        source=source,
        vendor_id=given.id,
        title=given.title,
        summary=given.summary,
        urls=tuple(url for url in (given.url, *given.related) if url),
        platform=given.platform,
        media=given.media,
        appeal=given.appeal,
        units=tuple(given.units),
        posted_at=given.posted_at,
        metrics=given.metrics.model_dump(exclude_none=True),
    )


def _run(run: Run, act: Act) -> Taken | datetime:
    try:
        return run(act)
    except RefusalError as refusal:
        raise HTTPException(422, str(refusal)) from None
    except (Unavailable, ConcurrentChange):
        raise HTTPException(503, "暂时收不下, 请稍后用同一编号再发") from None
