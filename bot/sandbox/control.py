"""The control API, for the page, the story and tests: what people do, time, faults."""

import base64
import binascii
import secrets
from datetime import UTC, datetime
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, HTTPException, Request

from bot.sandbox.callbacks import Courier, Forged
from bot.sandbox.clock import BadTimeError
from bot.sandbox.faults import EXPLAINED, OF_CALLBACKS, BadFaultError, read_rule
from bot.sandbox.fields import Json, mapping, mappings, text, texts, whole
from bot.sandbox.messages import Place
from bot.sandbox.packets import Packet
from bot.sandbox.people import Act, CannotError, People, Press
from bot.sandbox.world import World

MOST_WAIT = 25.0  # seconds that a question for news may wait
_NEXT_SECONDS = 3.0


def _same_site(request: Request) -> None:
    """Refuse what another web page makes a browser send here."""
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise HTTPException(403, "只接受本页面的请求")


router = APIRouter(prefix="/sandbox", dependencies=[Depends(_same_site)])


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


def _courier(request: Request) -> Courier:
    courier: Courier = request.app.state.courier
    return courier


async def _object(request: Request) -> Json:
    try:
        raw = await request.json()
    except ValueError as error:
        raise HTTPException(400, "请求应为 JSON 对象") from error
    if not isinstance(raw, dict):
        raise HTTPException(400, "请求应为 JSON 对象")
    return raw


TheWorld = Annotated[World, Depends(_world)]
TheCourier = Annotated[Courier, Depends(_courier)]
Body = Annotated[Json, Depends(_object)]
Answer = dict[str, object]


async def _carry(courier: Courier, act: Act, body: Json) -> Answer:
    """Deliver an act's packets, waiting for the end unless the request says wait=false."""
    shown = act.message
    answer: Answer = {
        "msgid": "" if shown is None else shown.msgid,
        "number": 0 if shown is None else shown.number,
        "note": act.note,
        "delivered": None,
    }
    if act.app is None:
        return answer
    times = max(1, min(whole(body, "repeat", 1), 100))
    packets = [packet for packet in act.packets for _ in range(times)]
    if body.get("wait") is False:
        for packet in packets:
            courier.send_later(act.app, packet)
        return answer
    for packet in packets:
        answer |= (await courier.deliver(act.app, packet, act.forged)).described()
    return answer


def _cannot(error: CannotError) -> HTTPException:
    return HTTPException(error.status, str(error))


def _place(body: Json) -> Place | None:
    kind, _, name = text(body, "place").partition(":")
    if text(body, "group"):
        return Place("group", text(body, "group"))
    return Place(kind, name) if kind in {"group", "chat"} else None


@router.post("/say")
async def say(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Type: {userid, text} and agentid, or place ("group:…", "chat:…") where nobody hears it."""
    people, place = People(world, courier), _place(body)
    try:
        if place is not None:
            act = people.write_in_group(text(body, "userid"), place, text(body, "text"))
        else:
            msgtype = text(body, "msgtype") or "text"
            act = people.write(text(body, "userid"), whole(body, "agentid"), msgtype, body)
    except CannotError as error:
        raise _cannot(error) from error
    return await _carry(courier, act, body)


@router.post("/forward")
async def forward(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Forward a link card: {userid, agentid, title, description, url}."""
    people = People(world, courier)
    try:
        act = people.write(text(body, "userid"), whole(body, "agentid"), "link", body)
    except CannotError as error:
        raise _cannot(error) from error
    return await _carry(courier, act, body)


@router.post("/press")
async def press(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Press: {userid, msgid or task_id, key[, selected: {question: [option]}, forwarded]}."""
    chosen = [(name, texts(held)) for name, held in mapping(body.get("selected")).items()]
    pressed = Press(
        userid=text(body, "userid"),
        key=text(body, "key"),
        msgid=text(body, "msgid"),
        task_id=text(body, "task_id"),
        chosen=chosen,
        forwarded=body.get("forwarded") is True,
    )
    try:
        act = People(world, courier).press(pressed)
    except CannotError as error:
        raise _cannot(error) from error
    return await _carry(courier, act, body)


@router.post("/event")
async def event(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Raise an event: {userid, agentid, event, fields: {EventKey: …}}."""
    raw = mapping(body.get("fields"))
    fields = {name: text(raw, name) for name in raw} | (
        {"EventKey": text(body, "key")} if "key" in body else {}
    )
    try:
        act = People(world, courier).event(
            text(body, "userid"), whole(body, "agentid"), text(body, "event"), fields
        )
    except CannotError as error:
        raise _cannot(error) from error
    return await _carry(courier, act, body)


@router.post("/callback_raw")
async def callback_raw(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Deliver any plaintext: {agentid, xml|base64[, signature, receiveid, timestamp, random]}."""
    app = world.corp.app(whole(body, "agentid")) or world.corp.apps[0]
    if not app.callback_url:
        raise HTTPException(409, "这个应用没有设置 callback_url")
    try:
        plain = base64.b64decode(text(body, "base64")) or text(body, "xml").encode()
        random = bytes.fromhex(text(body, "random")) or None
    except (binascii.Error, ValueError) as error:
        raise HTTPException(400, "base64 或 random 不对") from error
    if random is not None:
        random = (random + secrets.token_bytes(24))[: max(24, len(random))]
    forged = Forged(
        signature=text(body, "signature") if "signature" in body else None,
        receive_id=text(body, "receiveid") if "receiveid" in body else None,
        timestamp=whole(body, "timestamp") if "timestamp" in body else None,
        random=random,
    )
    packet = Packet(app.agentid, text(body, "userid"), text(body, "msgid"), "raw", plain)
    return await _carry(courier, Act(app, (packet,), forged=forged), body)


@router.post("/verify")
async def verify(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Play the console saving the callback address of an app: {agentid}."""
    app = world.corp.app(whole(body, "agentid")) or world.corp.apps[0]
    return await courier.verify(app)


@router.get("/log")
async def read_log(world: TheWorld, after: int = 0, wait: float = 0.0) -> Answer:
    """Return the log's lines after a number, waiting for news for up to `wait` seconds."""
    if wait > 0 and world.log.last() <= after:
        await world.bell.wait(min(wait, MOST_WAIT))
    return {"last": world.log.last(), "lines": world.log.after(after)}


@router.get("/messages")
async def messages(world: TheWorld, viewer: str = "", after: int = 0, wait: float = 0.0) -> Answer:
    """Return what one person sees, changed since a version; may wait for news."""
    member = world.corp.member(viewer)
    if member is None:
        raise HTTPException(404, f"没有这位成员: {viewer or '(空)'}")
    if wait > 0 and world.messages.version <= after:
        await world.bell.wait(min(wait, MOST_WAIT))
    return {
        "version": world.messages.version,
        "now": world.clock.now(),
        "places": _places(world, member.key),
        "messages": world.messages.seen_by(member.key, after=after),
        "received": world.messages.received,
    }


def _places(world: World, viewer: str) -> list[Answer]:
    """Return the conversations of a person: apps, groups, and chats in which something was said."""
    found: list[Answer] = [
        {
            "place": f"app:{app.agentid}",
            "name": app.name,
            "members": [],
            "menu": world.menus.get(app.agentid),
        }
        for app in world.corp.apps
        if world.may_see(app, viewer)
    ]
    groups = dict.fromkeys(robot.name for robot in world.corp.robots)
    for name in groups:
        inside = world.corp.group_members(name)
        if viewer in inside:
            found.append({"place": f"group:{name}", "name": name, "members": sorted(inside)})
    spoken = (one for one in world.chats.values() if one.spoken and viewer in one.members)
    return found + [
        {"place": f"chat:{one.chatid}", "name": one.name, "members": one.members} for one in spoken
    ]


def _clock(world: World) -> Answer:
    now = world.clock.now()
    iso = datetime.fromtimestamp(now, UTC).isoformat()
    return {"offset": world.clock.offset(), "now": now, "iso": iso}


@router.get("/clock")
async def read_clock(world: TheWorld) -> Answer:
    """Return the shared clock."""
    return _clock(world)


@router.post("/clock")
async def set_clock(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Move the clock: {offset}, {advance_seconds}, {to: ISO time} or {to: "next"}."""
    clock = world.clock
    try:
        if "to" in body:
            written = text(body, "to")
            at = await _next_moment(world, courier) if written == "next" else _moment(written)
            clock.set_offset(clock.offset() + at - clock.now())
        elif "advance_seconds" in body:
            clock.set_offset(clock.offset() + _seconds(body, "advance_seconds"))
        else:
            clock.set_offset(_seconds(body, "offset"))
    except BadTimeError as error:
        raise HTTPException(400, str(error)) from error
    now = round(clock.now(), 3)
    world.log.write({"kind": "clock", "t": now, "offset": round(clock.offset(), 3)})
    world.bell.ring()
    return _clock(world)


def _seconds(body: Json, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadTimeError(f"{name} 应为秒数")
    return float(value)


def _moment(written: str) -> float:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise BadTimeError(f"看不懂的时刻: {written}") from error
    if moment.tzinfo is None:
        raise BadTimeError("时刻要写明时区, 例如 2026-11-20T09:00:00+08:00")
    return moment.timestamp()


async def _next_moment(world: World, courier: Courier) -> float:
    """Return the service's next deadline or reminder.

    Raises:
        BadTimeError: the service cannot be asked, or has none ahead.
    """
    url = world.corp.next_moment_url
    if not url:
        raise BadTimeError("没有设置 next_moment_url, 不知道下一个时限")
    try:
        raw = await courier.ask(url, _NEXT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise BadTimeError(f"问不到下一个时限: 服务没有回答 ({type(error).__name__})") from error
    written = text(mapping(raw), "at")
    if not written:
        raise BadTimeError("现在没有等待中的时限")
    return max(_moment(written), world.clock.now())


@router.get("/faults")
async def read_faults(world: TheWorld) -> Answer:
    """Return the fault script and what can be in it."""
    known = [
        {"fault": str(kind), "words": words, "callback": kind in OF_CALLBACKS}
        for kind, words in EXPLAINED.items()
    ]
    return {"rules": world.faults.described(), "known": known}


@router.post("/faults")
async def set_faults(world: TheWorld, body: Body) -> Answer:
    """Set the fault script {rules: […]}, or add one rule {match, nth, times, fault}."""
    try:
        if "rules" in body:
            world.faults.replace(mappings(body["rules"]))
        else:
            world.faults.add(read_rule(body))
    except BadFaultError as error:
        raise HTTPException(400, str(error)) from error
    return {"rules": world.faults.described()}


@router.post("/token/revoke")
async def revoke(world: TheWorld, body: Body) -> Answer:
    """End all access tokens: 40014 from now on, or 42001 with {expired: true}."""
    now = world.clock.now()
    return {"ended": world.tokens.revoke(expired=body.get("expired") is True, now=now)}


@router.get("/state")
async def state(world: TheWorld) -> Answer:
    """Return the corp as people know it, the clock, and how far log and messages are."""
    corp = world.corp
    return {
        "run": world.run,
        "corp": {"corpid": corp.corpid, "name": corp.name},
        "apps": [
            {"agentid": app.agentid, "name": app.name, "callback": bool(app.callback_url)}
            for app in corp.apps
        ],
        "members": [
            {
                "userid": one.key,
                "written": one.userid,
                "name": one.name,
                "position": one.position,
                "group": one.group,
                "left": one.key in world.left,
            }
            for one in corp.members
        ],
        "groups": [
            {"name": name, "members": sorted(corp.group_members(name))}
            for name in dict.fromkeys(robot.name for robot in corp.robots)
        ],
        "clock": _clock(world),
        "next_moment": bool(corp.next_moment_url),
        "faults": world.faults.described(),
        "log": world.log.last(),
        "version": world.messages.version,
        "messages": world.messages.counts(),
    }
