"""The control API, for the page, the story and tests: what people do, time, faults."""

import base64
import binascii
import secrets

from fastapi import APIRouter, HTTPException, Request

from bot.sandbox.asking import Answer, Body, TheCourier, TheWorld, same_site
from bot.sandbox.callbacks import Courier, Forged
from bot.sandbox.faults import EXPLAINED, OF_CALLBACKS, BadFaultError, read_rule
from bot.sandbox.fields import Json, mapping, mappings, text, texts, whole
from bot.sandbox.messages import Place
from bot.sandbox.packets import Packet
from bot.sandbox.people import Act, CannotError, People, Press
from bot.sandbox.smart_callbacks import verify as verify_robot
from bot.sandbox.smart_people import SmartPeople, words_of_body
from bot.sandbox.time_control import clock_of
from bot.sandbox.world import World

MOST_WAIT = 25.0  # seconds that a question for news may wait
_NEXT_SECONDS = 3.0


router = APIRouter(prefix="/sandbox", dependencies=[same_site])


def _smart(request: Request) -> SmartPeople:
    smart: SmartPeople = request.app.state.smart_people
    smart.base = str(request.base_url).rstrip("/")
    return smart


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
    return Place(kind, name) if kind in {"group", "chat", "bot"} else None


@router.post("/say")
async def say(request: Request, world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Type: {userid, text} and agentid, or place ("group:…", "chat:…") where nobody hears it."""
    people, place = People(world, courier), _place(body)
    try:
        smart = _smart(request)
        robot = None if place is None else smart.in_place(place, text(body, "text"))
        if place is not None and robot is not None:
            member = people.member(text(body, "userid"))
            return (await smart.say(member, place, robot, words_of_body(body))).described()
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
async def press(request: Request, world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Press: {userid, msgid or task_id, key[, selected: {question: [option]}, forwarded]}.

    A robot is told with joined_names as the table of page 101027 spells it (eventkey), else as its
    examples do (event_key).
    """
    chosen = [(name, texts(held)) for name, held in mapping(body.get("selected")).items()]
    pressed = Press(
        userid=text(body, "userid"),
        key=text(body, "key"),
        msgid=text(body, "msgid"),
        task_id=text(body, "task_id"),
        chosen=chosen,
        forwarded=body.get("forwarded") is True,
        joined_names=body.get("joined_names") is True,
    )
    people = People(world, courier)
    try:
        shown = world.messages.find(pressed.msgid, pressed.task_id)
        if shown is not None and shown.owner:
            member = people.member(pressed.userid)
            return (await _smart(request).press(member, shown, pressed)).described()
        act = people.press(pressed)
    except CannotError as error:
        raise _cannot(error) from error
    return await _carry(courier, act, body)


@router.post("/event")
async def event(request: Request, world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Raise an event: {userid, agentid, event, fields: {EventKey: …}}; or botid for a robot's."""
    if "botid" in body:
        return await _smart_event(request, People(world, courier), body)
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


@router.post("/contact")
async def contact(world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Change the corp's contacts: {userid, kind: delete_user, fields: {Status: "2"}}."""
    raw = mapping(body.get("fields"))
    fields = {name: text(raw, name) for name in raw}
    try:
        act = People(world, courier).contact(text(body, "userid"), text(body, "kind"), fields)
    except CannotError as error:
        raise _cannot(error) from error
    return await _carry(courier, act, body)


async def _smart_event(request: Request, people: People, body: Json) -> Answer:
    """Raise a robot's event: enter_chat, or feedback_event with its fields."""
    smart = _smart(request)
    robot = smart.robots.robot(text(body, "botid"))
    if robot is None:
        raise HTTPException(404, "没有这个智能机器人")
    try:
        member = people.member(text(body, "userid"))
    except CannotError as error:
        raise _cannot(error) from error
    if text(body, "event") == "feedback_event":
        return (await smart.feedback(member, robot, mapping(body.get("fields")))).described()
    return (await smart.enter(member, robot)).described()


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
async def verify(request: Request, world: TheWorld, courier: TheCourier, body: Body) -> Answer:
    """Play the console saving the callback address of an app {agentid} or a robot {botid}."""
    robot = _smart(request).robots.robot(text(body, "botid"))
    if robot is not None:
        return await verify_robot(courier, robot)
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
    found += [
        {"place": f"bot:{one.botid}", "name": one.name, "members": []}
        for one in world.corp.smart_robots
    ]
    groups = dict.fromkeys(robot.name for robot in world.corp.robots)
    for name in groups:
        inside = world.corp.group_members(name)
        if viewer in inside:
            robots = [one.name for one in world.corp.smart_robots if name in one.groups]
            place: Answer = {"place": f"group:{name}", "name": name, "members": sorted(inside)}
            found.append(place | {"robots": robots})
    spoken = (one for one in world.chats.values() if one.spoken and viewer in one.members)
    return found + [
        {"place": f"chat:{one.chatid}", "name": one.name, "members": one.members} for one in spoken
    ]


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
        "clock": clock_of(world),
        "next_moment": bool(corp.next_moment_url),
        "faults": world.faults.described(),
        "log": world.log.last(),
        "version": world.messages.version,
        "messages": world.messages.counts(),
    }
