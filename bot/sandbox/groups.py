"""Groups: robots by webhook (page 99110) and chats made by an app (pages 90244-90248)."""

import re
import secrets

from bot.sandbox.answers import Done, RefusalError
from bot.sandbox.contents import CHAT_CHECKS, ROBOT_CHECKS, Sender, checked
from bot.sandbox.corp import App, Robot
from bot.sandbox.faults import FaultKind
from bot.sandbox.fields import text, texts
from bot.sandbox.media import read_upload
from bot.sandbox.messages import Message, Place
from bot.sandbox.reading import Door, links_of, mentions_of, words_of
from bot.sandbox.windows import Limit
from bot.sandbox.world import Call, Chat, World

_CHATID = re.compile(r"[0-9A-Za-z]{1,32}")
_LEAST_MEMBERS, _MOST_MEMBERS = 2, 2000


def robot_of(world: World, call: Call) -> Robot:
    """Return the robot whose key a request carries; raises RefusalError 93000."""
    key = call.query.get("key", "")
    robot = next((one for one in world.corp.robots if one.key == key), None)
    if robot is None:
        raise RefusalError(93000)
    call.facts.robot, call.facts.group = robot.key, robot.name
    return robot


def robot_send(world: World, call: Call) -> Done:
    """webhook/send: no token, no msgid, no recall, and not idempotent."""
    robot = robot_of(world, call)
    if not call.body:
        raise RefusalError(93017)
    body = call.json()
    msgtype = text(body, "msgtype")
    part = checked(Sender(world.media, robot.key, call.now), msgtype, body, ROBOT_CHECKS)
    task_id = text(part, "task_id")
    if msgtype == "template_card" and task_id:
        if (f"robot:{robot.key}", task_id) in world.tasks:
            raise RefusalError(42014, "task_id duplicate")
        world.tasks.add((f"robot:{robot.key}", task_id))
    rate = (Limit(world.corp.limits.robot_per_minute, 60.0),)
    if not world.windows.take(f"robot:{robot.key}", rate, call.now):
        raise RefusalError(45009)
    readers = world.corp.group_members(robot.name)
    if call.suffers(FaultKind.SILENT_DROP):
        call.facts.drop = "silent_drop"
        return Done()
    _show(
        world,
        call,
        Door.ROBOT,
        Message(call.now, Place("group", robot.name), "robot", readers, msgtype, part),
    )
    return Done()


def _show(world: World, call: Call, door: Door, message: Message) -> None:
    facts = call.facts
    message.text = words_of(message.msgtype, message.part)
    message.mentions = mentions_of(door, message.msgtype, message.part)
    message.task_id = text(message.part, "task_id")
    facts.text, facts.mentions = message.text, message.mentions
    facts.links = links_of(message.msgtype, message.part)
    facts.shown_to, facts.visible = tuple(sorted(message.readers)), True
    world.messages.add(message)


def robot_upload(world: World, call: Call) -> Done:
    """webhook/upload_media: a file that only this robot may send, three days long."""
    robot = robot_of(world, call)
    kind = call.query.get("type", "")
    if kind not in {"file", "voice"}:
        raise RefusalError(40005)
    upload = read_upload(call.body, call.content_type)
    media = world.media.keep(upload, kind, scope=robot.key, now=call.now)
    created = f"{media.created_at:.0f}"
    return Done({"type": kind, "media_id": media.media_id, "created_at": created})


def _whole_corp(app: App) -> None:
    if app.visible:
        raise RefusalError(48002)


def _known(world: World, userids: list[str]) -> None:
    if any(world.corp.member(one) is None or one in world.left for one in userids):
        raise RefusalError(86216)


def chat_create(world: World, call: Call) -> Done:
    """appchat/create: 2 to 2000 members; invisible until the first message."""
    app = world.app_of(call)
    _whole_corp(app)
    body = call.json()
    members = list(dict.fromkeys(one.casefold() for one in texts(body.get("userlist"))))
    owner = text(body, "owner").casefold()
    chatid = text(body, "chatid") or secrets.token_hex(12)
    if not _CHATID.fullmatch(chatid):
        raise RefusalError(86001)
    if chatid in world.chats:
        raise RefusalError(86215)
    if not _LEAST_MEMBERS <= len(members) <= _MOST_MEMBERS:
        raise RefusalError(86203)
    _known(world, members)
    if owner and owner not in members:
        raise RefusalError(86202)
    name = text(body, "name")[:50]
    world.chats[chatid] = Chat(chatid, name, owner or members[0], members, app.agentid)
    return Done({"chatid": chatid})


def _chat(world: World, call: Call, chatid: str) -> Chat:
    app = world.app_of(call)
    _whole_corp(app)
    chat = world.chats.get(chatid)
    if chat is None:
        raise RefusalError(86003)
    if chat.agentid != app.agentid:
        raise RefusalError(86008)
    call.facts.group = chat.name
    return chat


def chat_update(world: World, call: Call) -> Done:
    """appchat/update: name, owner, members in and out."""
    body = call.json()
    chat = _chat(world, call, text(body, "chatid"))
    added = [one.casefold() for one in texts(body.get("add_user_list"))]
    removed = {one.casefold() for one in texts(body.get("del_user_list"))}
    _known(world, added)
    members = [one for one in dict.fromkeys([*chat.members, *added]) if one not in removed]
    owner = text(body, "owner").casefold() or chat.owner
    if not _LEAST_MEMBERS <= len(members) <= _MOST_MEMBERS:
        raise RefusalError(86203)
    if owner not in members:
        raise RefusalError(86202)
    chat.members, chat.owner = members, owner
    chat.name = text(body, "name")[:50] or chat.name
    world.bell.ring()
    return Done()


def chat_get(world: World, call: Call) -> Done:
    """appchat/get."""
    chat = _chat(world, call, call.query.get("chatid", ""))
    info = {
        "chatid": chat.chatid,
        "name": chat.name,
        "owner": chat.owner,
        "userlist": chat.members,
        "chat_type": 0,
    }
    return Done({"chat_info": info})


def chat_send(world: World, call: Call) -> Done:
    """appchat/send: no cards, and no msgid in the answer."""
    body = call.json()
    chat = _chat(world, call, text(body, "chatid"))
    msgtype = text(body, "msgtype")
    part = checked(Sender(world.media, "corp", call.now), msgtype, body, CHAT_CHECKS)
    call.facts.touser = tuple(chat.members)
    limits = world.corp.limits
    rate = (
        Limit(limits.chat_member_per_minute, 60.0),
        Limit(limits.chat_member_per_day, 86400.0),
    )
    if call.suffers(FaultKind.SILENT_DROP):
        call.facts.drop = "silent_drop"
        return Done()
    readers = frozenset(
        one
        for one in chat.members
        if world.windows.take(f"chat:{chat.agentid}:{one}", rate, call.now)
    )
    if len(readers) < len(chat.members):
        call.facts.drop = "member_rate"
    chat.spoken = True
    place = Place("chat", chat.chatid)
    _show(world, call, Door.CHAT, Message(call.now, place, "app", readers, msgtype, part))
    call.facts.visible = bool(readers)
    return Done()
