"""Answers of the pages: filled-in templates under strict headers, and refusals as pages."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import ClientDisconnect

from cases.encoding import as_seen
from cases.errors import NotFoundError, NotPermittedError
from handlers.pages.files import size_in_words
from storage.errors import ConcurrentChange, Unavailable

_HERE = Path(__file__).parent
STATIC = {
    "board.css": "text/css",
    "countdown.js": "text/javascript",
    "living.js": "text/javascript",
    "lamp.svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Not no-referrer: under that, browsers send no Origin with our own forms.
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
TEMPLATES = _HERE / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    # What a template says of its own is markup; all else may come from outside (R20).
    finalize=lambda value: as_seen(value) if type(value) is str else value,
)
_PAGES.filters["size"] = size_in_words

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StopError(Exception):
    """The request goes no further; `response` is the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def page(name: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a filled-in page; whatever is put into it is escaped."""
    text = _PAGES.get_template(name).render(**values)
    return HTMLResponse(text, status, headers=HEADERS)


def part(name: str, macro: str, *values: object) -> str:
    """Return one macro of a template filled in; whatever is put into it is escaped."""
    made: str = getattr(_PAGES.get_template(name).module, macro)(*values)
    return made


def notice(title: str, text: str, status: int, *, signs_in: bool = False) -> HTMLResponse:
    """Return a page that says one thing, and what to do next."""
    return page("notice.html", status, title=title, text=text, signs_in=signs_in, visitor=None)


def not_found() -> HTMLResponse:
    """The one answer for "does not exist" and "not yours": byte for byte the same."""
    return notice("没有找到", "没有这个编号, 或者您不经办这一件。请核对编号后再打开。", 404)


def to(path: str) -> RedirectResponse:
    """Send the browser to one of our pages, which it then asks for with GET."""
    return RedirectResponse(path, 303, headers=HEADERS)


def static_file(name: str) -> Response:
    """Return one of the pages' own files."""
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=3600"}
    content = (_HERE / "static" / name).read_bytes()
    return Response(content, media_type=STATIC[name], headers=headers)


class PageRoute(APIRoute):
    """A route whose refusals are pages too."""

    def get_route_handler(self) -> Handler:
        """Return the handler, with every expected fault turned into a page."""
        original = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if _is_untyped(request):
                return not_found()
            try:
                return await original(request)
            except StopError as stop:
                return stop.response
            except (NotFoundError, RequestValidationError):  # a number that is none
                return not_found()
            except NotPermittedError as refusal:  # he may know of it, and not see this of it
                return notice("不能查看", str(refusal), 403)
            except ClientDisconnect:
                return Response(status_code=400)  # heard by nobody
            except (Unavailable, ConcurrentChange):
                return notice(
                    "请稍候", "数据库暂时没有应答, 刚才的操作没有保存。请过一分钟再试。", 503
                )

        return handle


def _is_untyped(request: Request) -> bool:
    """Whether the address holds a NUL: no browser sends one, and PostgreSQL takes none."""
    return "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]
