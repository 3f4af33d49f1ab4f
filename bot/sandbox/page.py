"""The chat page: one template, one script, one style sheet, nothing from anywhere else."""

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader

from bot.sandbox.media import is_picture

if TYPE_CHECKING:
    from bot.sandbox.world import World

_HERE = Path(__file__).parent
_STATIC = {
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "examples.js": "text/javascript",
    "panel.js": "text/javascript",
    "render.js": "text/javascript",
    "words.js": "text/javascript",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TEMPLATES = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True)
router = APIRouter()


def html_page(name: str, **values: object) -> HTMLResponse:
    """Return a filled-in page that may load and run nothing but our own files."""
    headers = {
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(TEMPLATES.get_template(name).render(**values), headers=headers)


@router.get("/", response_model=None)
async def chat(request: Request) -> Response:
    """Return the chat page."""
    world: World = request.app.state.world
    corp = world.corp
    return html_page("chat.html", corp=corp.name, app=corp.apps[0].name, home=corp.apps[0].home_url)


@router.get("/static/{name}", response_model=None)
async def static(name: str) -> Response:
    """Return one of the page's own files."""
    if name not in _STATIC:
        raise HTTPException(404, "没有这个文件")
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    return FileResponse(_HERE / "static" / name, media_type=_STATIC[name], headers=headers)


@router.get("/sandbox/media/{media_id}", response_model=None)
async def media(request: Request, media_id: str) -> Response:
    """Return an uploaded file to the page: a picture to be shown, anything else to be saved."""
    world: World = request.app.state.world
    held = world.media.peek(media_id)
    if held is None:
        raise HTTPException(404, "没有这个文件")
    picture = "image/png" if held.data.startswith(b"\x89PNG") else "image/jpeg"
    shown = picture if is_picture(held.data) else "application/octet-stream"
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return Response(held.data, media_type=shown, headers=headers)
