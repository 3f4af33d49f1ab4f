"""Contacts, sign-in, media and small lookups of the platform (pages 90196-90208, 91023, 90253)."""

import base64
import hashlib
import secrets

from bot.sandbox.answers import Done, RefusalError
from bot.sandbox.corp import CONTACTS, ROOT_DEPARTMENT, App, Member
from bot.sandbox.fields import mapping, text, texts, whole
from bot.sandbox.media import read_upload
from bot.sandbox.world import Call, World

TICKET_SECONDS = 7200
_MOST_IDS = 1000
_MOST_MENUS = 3
_MOST_LISTED = 10_000


def give_token(world: World, call: Call) -> Done:
    """Gettoken (page 91039)."""
    query = call.query
    corpid, secret = query.get("corpid", ""), query.get("corpsecret", "")
    value, left = world.tokens.give(corpid, secret, peer=call.peer, now=call.now)
    return Done({"access_token": value, "expires_in": left})


def open_userid(world: World, userid: str) -> str:
    """Return the encrypted form of a userid, as intelligent robots hand it out (page 101521)."""
    digest = hashlib.sha256(f"{world.corp.corpid}\0{userid.casefold()}".encode()).digest()
    return "wo" + base64.urlsafe_b64encode(digest).decode()[:30]


def _described(member: Member) -> dict[str, object]:
    """Return a member's fields; phone, mail and gender are withheld from new apps (page 90196)."""
    return {
        "userid": member.userid,
        "name": member.name,
        "department": [member.department],
        "order": [0],
        "position": member.position,
        "status": 1,
        "enable": 1,
        "isleader": 0,
        "is_leader_in_dept": [0],
        "direct_leader": [],
        "main_department": member.department,
        "extattr": {"attrs": []},
    }


def _visible(world: World, app: App, userid: str) -> Member:
    member = world.corp.member(userid)
    if member is None or member.key in world.left:
        raise RefusalError(60111)
    if not world.may_see(app, member.key):
        raise RefusalError(60011)
    return member


def _an_app(world: World, call: Call) -> App:
    """The app that asks; contact synchronisation may list ids only (page 96067)."""
    app = world.app_of(call)
    if app.agentid == CONTACTS:
        raise RefusalError(48002)
    return app


def user_get(world: World, call: Call) -> Done:
    """user/get."""
    app = _an_app(world, call)
    return Done(_described(_visible(world, app, call.query.get("userid", ""))))


def _of_department(world: World, call: Call) -> list[Member]:
    app = _an_app(world, call)
    written = call.query.get("department_id", "") or str(ROOT_DEPARTMENT)
    known = {str(one.number): one.number for one in world.corp.departments}
    if written not in known:
        raise RefusalError(60003)
    inside = world.corp.members
    if call.query.get("fetch_child") != "1":
        inside = tuple(one for one in inside if one.department == known[written])
    elif known[written] != ROOT_DEPARTMENT:
        inside = world.corp.within(known[written])
    return [one for one in inside if world.may_see(app, one.key)]


def user_simplelist(world: World, call: Call) -> Done:
    """user/simplelist: only the department itself, unless fetch_child=1."""
    found = [
        {"userid": one.userid, "name": one.name, "department": [one.department]}
        for one in _of_department(world, call)
    ]
    return Done({"userlist": found})


def user_list(world: World, call: Call) -> Done:
    """user/list: the same with details."""
    return Done({"userlist": [_described(one) for one in _of_department(world, call)]})


def user_list_id(world: World, call: Call) -> Done:
    """user/list_id is only for the secret of contact synchronisation."""
    if world.app_of(call).agentid != CONTACTS:
        raise RefusalError(48002)
    body = call.json()
    cursor, limit = text(body, "cursor"), whole(body, "limit", _MOST_LISTED)
    if not 1 <= limit <= _MOST_LISTED or (cursor and not cursor.isdecimal()):
        raise RefusalError(40058)
    here = [one for one in world.corp.members if one.key not in world.left]
    first = int(cursor or 0)
    page = here[first : first + limit]
    found = [{"userid": one.userid, "department": one.department} for one in page]
    ends = first + limit >= len(here)
    return Done({"dept_user": found, "next_cursor": "" if ends else str(first + limit)})


def user_by_mobile(world: World, call: Call) -> Done:
    """user/getuserid."""
    app = world.app_of(call)
    mobile = text(call.json(), "mobile")
    found = next((one for one in world.corp.members if mobile and one.mobile == mobile), None)
    if found is None or not world.may_see(app, found.key):
        raise RefusalError(46004)
    return Done({"userid": found.userid})


def department_list(world: World, call: Call) -> Done:
    """department/list."""
    world.app_of(call)
    found = [
        {
            "id": one.number,
            "name": one.name,
            "name_en": "",
            "department_leader": [],
            "parentid": one.parent,
            "order": 100000 - one.number,
        }
        for one in world.corp.departments
    ]
    return Done({"department": found})


def department_simplelist(world: World, call: Call) -> Done:
    """department/simplelist."""
    world.app_of(call)
    found = [
        {"id": one.number, "parentid": one.parent, "order": 100000 - one.number}
        for one in world.corp.departments
    ]
    return Done({"department_id": found})


def department_get(world: World, call: Call) -> Done:
    """department/get."""
    world.app_of(call)
    wanted = call.query.get("id", "")
    found = next((one for one in world.corp.departments if str(one.number) == wanted), None)
    if found is None:
        raise RefusalError(60003)
    held = {"id": found.number, "name": found.name, "parentid": found.parent, "order": 1}
    return Done({"department": held})


def tag_list(world: World, call: Call) -> Done:
    """tag/list: this corp has none."""
    world.app_of(call)
    return Done({"taglist": []})


def callback_ips(world: World, call: Call) -> Done:
    """Getcallbackip: the sandbox calls from this machine."""
    world.app_of(call)
    return Done({"ip_list": ["127.0.0.1", "::1"]})


def from_open_userid(world: World, call: Call) -> Done:
    """batch/openuserid_to_userid (page 101521)."""
    world.app_of(call)
    asked = texts(call.json().get("open_userid_list"))
    if not 1 <= len(asked) <= _MOST_IDS:
        raise RefusalError(40032)
    known = {open_userid(world, one.userid): one.userid for one in world.corp.members}
    found = [{"open_userid": one, "userid": known[one]} for one in asked if one in known]
    strange = [one for one in asked if one not in known]
    return Done({"userid_list": found, "invalid_open_userid_list": strange})


def to_open_userid(world: World, call: Call) -> Done:
    """batch/userid_to_openuserid."""
    world.app_of(call)
    asked = texts(call.json().get("userid_list"))
    known = [one for one in asked if world.corp.member(one)]
    found = [{"userid": one, "open_userid": open_userid(world, one)} for one in known]
    strange = [one for one in asked if one not in known]
    return Done({"open_userid_list": found, "invalid_userid_list": strange})


def _spend_code(world: World, call: Call) -> tuple[str, str]:
    """Return (userid, user_ticket) for an OAuth code: one use, five minutes, its own app."""
    app = world.app_of(call)
    code = world.logins.get(call.query.get("code", ""))
    if code is None or code.agentid != app.agentid:
        raise RefusalError(40029)
    if code.used:
        raise RefusalError(42022)
    if call.now >= code.ends_at:
        raise RefusalError(42003)
    code.used = True
    if not code.private:
        return code.userid, ""
    ticket = secrets.token_urlsafe(32)
    world.tickets[ticket] = code.userid
    return code.userid, ticket


def login_info(world: World, call: Call) -> Done:
    """auth/getuserinfo (page 91023)."""
    userid, ticket = _spend_code(world, call)
    return Done({"userid": userid} | ({"user_ticket": ticket} if ticket else {}))


def login_info_old(world: World, call: Call) -> Done:
    """user/getuserinfo: the older form, which wechatpy calls."""
    userid, ticket = _spend_code(world, call)
    return Done({"UserId": userid, "DeviceId": ""} | ({"user_ticket": ticket} if ticket else {}))


def login_detail(world: World, call: Call) -> Done:
    """auth/getuserdetail: what the member agreed to show."""
    world.app_of(call)
    userid = world.tickets.get(text(call.json(), "user_ticket"))
    member = None if userid is None else world.corp.member(userid)
    if member is None:
        raise RefusalError(84014, "invalid user_ticket")
    return Done({"userid": member.userid, "mobile": member.mobile, "gender": "0", "email": ""})


def ticket(world: World, call: Call) -> Done:
    """get_jsapi_ticket and ticket/get."""
    app = world.app_of(call)
    value = hashlib.sha256(f"ticket{app.secret}".encode()).hexdigest()
    return Done({"ticket": value, "expires_in": TICKET_SECONDS})


def agent_get(world: World, call: Call) -> Done:
    """agent/get."""
    app = world.app_of(call)
    if call.query.get("agentid", "") != str(app.agentid):
        raise RefusalError(301002)
    seen = [{"userid": one.userid} for one in world.corp.members if world.may_see(app, one.key)]
    held: dict[str, object] = {
        "agentid": app.agentid,
        "name": app.name,
        "close": 0,
        "allow_userinfos": {"user": seen},
        "allow_partys": {"partyid": [] if app.visible else [ROOT_DEPARTMENT]},
    }
    return Done(held)


def menu_create(world: World, call: Call) -> Done:
    """menu/create: one to three buttons, each with up to five below it."""
    app = world.app_of(call)
    body = call.json()
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= _MOST_MENUS:
        raise RefusalError(40016, "invalid button size")
    world.menus[app.agentid] = body
    world.bell.ring()
    return Done()


def menu_get(world: World, call: Call) -> Done:
    """menu/get."""
    app = world.app_of(call)
    return Done(dict(mapping(world.menus.get(app.agentid))))


def menu_delete(world: World, call: Call) -> Done:
    """menu/delete."""
    app = world.app_of(call)
    world.menus.pop(app.agentid, None)
    return Done()


def media_upload(world: World, call: Call) -> Done:
    """media/upload (page 90253)."""
    world.app_of(call)
    kind = call.query.get("type", "")
    upload = read_upload(call.body, call.content_type)
    media = world.media.keep(upload, kind, scope="corp", now=call.now)
    created = f"{media.created_at:.0f}"
    return Done({"type": kind, "media_id": media.media_id, "created_at": created}, errmsg="")


def media_get(world: World, call: Call) -> Done:
    """media/get: the file itself (page 90254)."""
    world.app_of(call)
    media = world.media.find(call.query.get("media_id", ""), scope="corp", now=call.now)
    return Done(raw=media.data, raw_name=media.name)
