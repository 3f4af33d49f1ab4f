"""The platform's sign-in pages, played locally: OAuth in the client, QR on a desktop."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from bot.sandbox.corp import App
from bot.sandbox.page import html_page
from bot.sandbox.world import OAUTH_SECONDS, LoginCode, World

router = APIRouter()
_IN_CLIENT = "/connect/oauth2/authorize"
_STATE = re.compile(r"[0-9A-Za-z]{0,128}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a site asks of the sign-in page."""

    app: App
    redirect: str
    state: str
    private: bool


class BadSignInError(Exception):
    """A sign-in the platform would refuse on its page."""


def read(world: World, query: Mapping[str, str]) -> Asked:
    """Read the query of an authorize address.

    Raises:
        BadSignInError: wrong corp, app, redirect address or state.
    """
    corp = world.corp
    if query.get("appid") != corp.corpid:
        raise BadSignInError("appid 不是本企业的 CorpID")
    agentid = query.get("agentid", "")
    app = corp.apps[0] if not agentid else corp.app(int(agentid) if agentid.isdecimal() else -1)
    if app is None:
        raise BadSignInError("agentid 不是本企业的应用")
    state = query.get("state", "")
    if not _STATE.fullmatch(state):
        raise BadSignInError("state 只能是字母和数字, 最多 128 位")
    scope = query.get("scope", "snsapi_base")
    if scope not in {"snsapi_base", "snsapi_privateinfo"}:
        raise BadSignInError(f"不支持的 scope: {scope}")
    return Asked(app, _redirect(app, query), state, private=scope == "snsapi_privateinfo")


def _redirect(app: App, query: Mapping[str, str]) -> str:
    address = query.get("redirect_uri", "")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSignInError("redirect_uri 应为完整的网址")
    if app.trusted_domains and parts.hostname not in app.trusted_domains:
        raise BadSignInError("redirect_uri 与可信域名不一致 (50001)")
    return address


def let_in(world: World, asked: Asked, userid: str) -> str:
    """Return the address a member comes back to, with a fresh code (one use, five minutes).

    Raises:
        BadSignInError: the member is unknown or outside the app's visible range.
    """
    member = world.corp.member(userid)
    if member is None or not world.may_see(asked.app, member.key):
        raise BadSignInError("这位成员不在应用的可见范围")
    code = secrets.token_urlsafe(32)
    ends_at = world.clock.now() + OAUTH_SECONDS
    world.logins[code] = LoginCode(asked.app.agentid, member.userid, asked.private, ends_at)
    parts = urlsplit(asked.redirect)
    query = [*parse_qsl(parts.query), ("code", code), ("state", asked.state)]
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))


def _played(request: Request) -> str:
    """Return whom the chat page plays: inside its own client the platform asks nobody."""
    if request.url.path != _IN_CLIENT:
        return ""
    world: World = request.app.state.world
    played = request.cookies.get("sandbox_playing", "")
    return played if world.corp.member(played) is not None else ""


@router.get(_IN_CLIENT, response_model=None)
@router.get("/wwlogin/sso/login", response_model=None)
@router.get("/wwopen/sso/qrConnect", response_model=None)
async def authorize(request: Request) -> Response:
    """Ask who signs in; with `sandbox_userid` in the query that is already answered."""
    world: World = request.app.state.world
    query = dict(request.query_params)
    try:
        asked = read(world, query)
        answered = query.get("sandbox_userid") or _played(request)
        if answered:
            return RedirectResponse(let_in(world, asked, answered), 302)
    except BadSignInError as error:
        raise HTTPException(400, str(error)) from error
    people = [one for one in world.corp.members if world.may_see(asked.app, one.key)]
    address = f"{request.url.path}?{urlencode(query)}&sandbox_userid="
    name = asked.app.name
    return html_page("sign_in.html", people=people, address=address, app=name, corp=world.corp.name)
