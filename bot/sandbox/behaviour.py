"""Which handler plays which of the platform's addresses, and what a request is about."""

import hashlib
import json
from collections.abc import Callable, Mapping

from bot.sandbox import app_messages, contacts, groups
from bot.sandbox.answers import Done, RefusalError
from bot.sandbox.app_messages import split
from bot.sandbox.fields import Json, mapping, text
from bot.sandbox.log import Facts
from bot.sandbox.reading import words_of
from bot.sandbox.world import Call, World

Handler = Callable[[World, Call], Done]

GET: Mapping[str, Handler] = {
    "gettoken": contacts.give_token,
    "user/get": contacts.user_get,
    "user/simplelist": contacts.user_simplelist,
    "user/list": contacts.user_list,
    "department/list": contacts.department_list,
    "department/simplelist": contacts.department_simplelist,
    "department/get": contacts.department_get,
    "tag/list": contacts.tag_list,
    "auth/getuserinfo": contacts.login_info,
    "user/getuserinfo": contacts.login_info_old,
    "getcallbackip": contacts.callback_ips,
    "get_api_domain_ip": contacts.callback_ips,
    "get_jsapi_ticket": contacts.ticket,
    "ticket/get": contacts.ticket,
    "agent/get": contacts.agent_get,
    "menu/get": contacts.menu_get,
    "menu/delete": contacts.menu_delete,
    "media/get": contacts.media_get,
    "appchat/get": groups.chat_get,
}

POST: Mapping[str, Handler] = {
    "message/send": app_messages.send,
    "message/recall": app_messages.recall,
    "message/update_template_card": app_messages.update_card,
    "appchat/create": groups.chat_create,
    "appchat/update": groups.chat_update,
    "appchat/send": groups.chat_send,
    "webhook/send": groups.robot_send,
    "webhook/upload_media": groups.robot_upload,
    "media/upload": contacts.media_upload,
    "user/list_id": contacts.user_list_id,
    "user/getuserid": contacts.user_by_mobile,
    "auth/getuserdetail": contacts.login_detail,
    "batch/openuserid_to_userid": contacts.from_open_userid,
    "batch/userid_to_openuserid": contacts.to_open_userid,
    "menu/create": contacts.menu_create,
}

SENDING = frozenset({"message/send", "webhook/send", "appchat/send"})


def handler_for(method: str, api: str) -> Handler:
    """Return who plays this address; GET addresses take POST too, as on the platform."""
    found = POST.get(api) if method == "POST" and api in POST else GET.get(api)
    return _unknown if found is None else _rated(found)


def _unknown(_: World, call: Call) -> Done:
    raise RefusalError(40066, f"invalid url: {call.api[:64]!a}")


def _rated(handler: Handler) -> Handler:
    def carry_out(world: World, call: Call) -> Done:
        if world.api_is_busy(call):
            raise RefusalError(45009)
        return handler(world, call)

    return carry_out


def describe(api: str, query: Mapping[str, str], body: bytes) -> Facts:
    """Return what a request is about, read without believing it: for the log and the faults."""
    sha = hashlib.sha256(body).hexdigest() if body else ""
    facts = Facts(api=api, body_sha=sha, key=sha, robot=query.get("key"))
    raw = _object(body) if api in SENDING or api.startswith("message/") else {}
    msgtype = text(raw, "msgtype")
    part = mapping(raw.get(msgtype))
    facts.msgtype = msgtype
    facts.task_id = text(part, "task_id") if msgtype == "template_card" else ""
    facts.key = facts.task_id or sha
    facts.touser = tuple(one.casefold() for one in split(raw.get("touser")))
    facts.text = words_of(msgtype, part) if part else ""
    return facts


def _object(body: bytes) -> Json:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return mapping(raw)
