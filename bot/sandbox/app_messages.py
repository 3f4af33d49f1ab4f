"""Messages of an app to members: message/send, message/recall, message/update_template_card."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.sandbox.answers import Done, RefusalError
from bot.sandbox.cards import INTERACTIVE, calls_back, card_type, check_card
from bot.sandbox.contents import APP_CHECKS, Sender, checked
from bot.sandbox.corp import App
from bot.sandbox.faults import FaultKind
from bot.sandbox.fields import Json, items, mapping, text, whole
from bot.sandbox.messages import Message, Place, new_msgid
from bot.sandbox.reading import Door, links_of, mentions_of, words_of
from bot.sandbox.windows import Limit
from bot.sandbox.world import Call, World

RECALL_SECONDS = 24 * 3600.0
_DUPLICATE_SECONDS = 1800
_DUPLICATE_MOST = 14400
_MOST_USERS, _MOST_PARTIES, _MOST_TAGS = 1000, 100, 100


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a message reaches, and what of the request the platform could not use."""

    members: tuple[str, ...]
    invalid: tuple[str, ...] = ()
    invalid_parties: tuple[str, ...] = ()
    invalid_tags: tuple[str, ...] = ()
    unlicensed: tuple[str, ...] = ()

    def reply(self) -> dict[str, object]:
        """Return the lists as message/send answers them: joined, and absent when empty."""
        named = {
            "invaliduser": self.invalid,
            "invalidparty": self.invalid_parties,
            "invalidtag": self.invalid_tags,
            "unlicenseduser": self.unlicensed,
        }
        return {name: "|".join(held) for name, held in named.items() if held}


def split(value: object) -> tuple[str, ...]:
    """Return the parts of a `|`-joined field; a number counts as one part."""
    joined = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return tuple(dict.fromkeys(part.strip() for part in joined.split("|") if part.strip()))


def check_agent(world: World, app: App, body: Json) -> None:
    """Check a request's agentid against its token; raises RefusalError 41011, 40056, 301002."""
    if body.get("agentid") in (None, ""):
        raise RefusalError(41011)
    agentid = whole(body, "agentid", -1)
    if world.corp.app(agentid) is None:
        raise RefusalError(40056)
    if agentid != app.agentid:
        raise RefusalError(301002)


def _recipients(world: World, app: App, body: Json) -> Recipients:
    users, parties, tags = (split(body.get(name)) for name in ("touser", "toparty", "totag"))
    if not (users or parties or tags):
        raise RefusalError(82001)
    if len(users) > _MOST_USERS:
        raise RefusalError(40032)
    if len(parties) > _MOST_PARTIES:
        raise RefusalError(82002)
    if len(tags) > _MOST_TAGS:
        raise RefusalError(82003)
    if users == ("@all",):
        everyone = (m.key for m in world.corp.members if world.may_see(app, m.key))
        return _licensed(world, Recipients(tuple(everyone)))
    folded = dict.fromkeys(user.casefold() for user in users)
    good = [user for user in folded if world.may_see(app, user)]
    bad = tuple(user for user in folded if not world.may_see(app, user))
    known = {str(d.number): d.number for d in world.corp.departments}
    for party in parties:
        inside = world.corp.within(known[party]) if party in known else ()
        good += [member.key for member in inside if world.may_see(app, member.key)]
    strange = tuple(party for party in parties if party not in known)
    found = Recipients(tuple(dict.fromkeys(good)), bad, strange, tags)
    if not found.members:
        raise RefusalError(81013)
    return _licensed(world, found)


def _licensed(world: World, found: Recipients) -> Recipients:
    members = [world.corp.member(userid) for userid in found.members]
    without = tuple(m.key for m in members if m is not None and not m.licensed)
    reached = tuple(userid for userid in found.members if userid not in without)
    return Recipients(
        reached, found.invalid, found.invalid_parties, found.invalid_tags, unlicensed=without
    )


def _is_duplicate(world: World, call: Call, app: App, body: Json) -> bool:
    """Say whether the very same JSON was taken within its interval, counted from the first."""
    if whole(body, "enable_duplicate_check") != 1:
        return False
    interval = whole(body, "duplicate_check_interval") or _DUPLICATE_SECONDS
    key = (app.agentid, call.facts.body_sha)
    first = world.duplicates.get(key)
    if first is not None and 0 <= call.now - first < min(interval, _DUPLICATE_MOST):
        return True
    world.duplicates[key] = call.now
    return False


def send(world: World, call: Call) -> Done:
    """message/send (page 90236)."""
    app = world.app_of(call)
    body = call.json()
    check_agent(world, app, body)
    found = _recipients(world, app, body)
    msgtype = text(body, "msgtype")
    sender = Sender(world.media, "corp", call.now, has_callback=bool(app.callback_url))
    part = checked(sender, msgtype, body, APP_CHECKS)
    task_id = text(part, "task_id") if msgtype == "template_card" else ""
    used = (f"app:{app.agentid}", task_id)
    if task_id and used in world.tasks:
        raise RefusalError(42014, "task_id duplicate")
    if _is_duplicate(world, call, app, body):
        # What is answered here is not documented; without a msgid a client cannot lean on it.
        call.facts.drop = "duplicate"
        return Done(found.reply())
    if task_id:
        world.tasks.add(used)
    if call.suffers(FaultKind.PARTIAL_INVALIDUSER):
        found = Recipients(found.members[:-1], (*found.invalid, *found.members[-1:]))
    message = _show(
        world,
        call,
        Message(
            at=call.now,
            place=Place("app", str(app.agentid)),
            author="app",
            readers=_within_rate(world, call, app, found.members),
            msgtype=msgtype,
            part=part,
            task_id=task_id,
            msgid=new_msgid(),
        ),
    )
    reply = {**found.reply(), "msgid": message.msgid}
    if task_id and calls_back(part):
        reply["response_code"] = world.new_code(app.agentid, message.msgid)
    return Done(reply)


def _within_rate(world: World, call: Call, app: App, members: Iterable[str]) -> frozenset[str]:
    """Return who still gets a message: 30 a minute and 1000 an hour each, the rest silently not."""
    limits = world.corp.limits
    rate = (Limit(limits.member_per_minute, 60.0), Limit(limits.member_per_hour, 3600.0))
    if call.suffers(FaultKind.SILENT_DROP):
        call.facts.drop = "silent_drop"
        return frozenset()
    taken: list[str] = []
    late: list[str] = []
    for userid in members:
        free = world.windows.take(f"member:{app.agentid}:{userid}", rate, call.now)
        (taken if free else late).append(userid)
    if late:
        call.facts.drop = "member_rate"
    return frozenset(taken)


def _show(world: World, call: Call, message: Message) -> Message:
    facts = call.facts
    message.text = words_of(message.msgtype, message.part)
    message.mentions = mentions_of(Door.APP, message.msgtype, message.part)
    facts.msgid, facts.text = message.msgid, message.text
    facts.mentions, facts.links = message.mentions, links_of(message.msgtype, message.part)
    facts.shown_to = tuple(sorted(message.readers))
    facts.visible = bool(message.readers)
    return world.messages.add(message)


def recall(world: World, call: Call) -> Done:
    """message/recall: within 24 hours, by the same app (page 94867)."""
    app = world.app_of(call)
    message = world.messages.by_msgid(text(call.json(), "msgid"))
    if message is None or message.place != Place("app", str(app.agentid)):
        raise RefusalError(40058, "invalid msgid. invalid Request Parameter")
    if call.now - message.at >= RECALL_SECONDS:
        raise RefusalError(42052)
    message.recalled = True
    call.facts.msgid, call.facts.key = message.msgid, message.task_id or message.msgid
    world.messages.changed(message)
    return Done()


def update_card(world: World, call: Call) -> Done:
    """message/update_template_card: once for each response_code, within 72 hours (page 94888)."""
    app = world.app_of(call)
    body = call.json()
    check_agent(world, app, body)
    code = world.codes.get(text(body, "response_code"))
    if code is None or code.used or call.now >= code.ends_at:
        raise RefusalError(60140)
    if code.agentid != app.agentid:
        raise RefusalError(42015)
    message = world.messages.by_msgid(code.msgid)
    if message is None:
        raise RefusalError(60140)
    readers, invalid = _targets(world, app, message, body)
    change = _change(message, body)
    code.used = True
    for reader in readers:
        message.cards[reader] = {**message.card_for(reader), **change}
    world.messages.changed(message)
    facts = call.facts
    facts.key = facts.task_id = message.task_id
    facts.msgid, facts.shown_to, facts.visible = message.msgid, tuple(sorted(readers)), True
    return Done({"invaliduser": list(invalid)} if invalid else {})


def _targets(
    world: World, app: App, message: Message, body: Json
) -> tuple[frozenset[str], tuple[str, ...]]:
    if whole(body, "atall") == 1:
        return message.readers, ()
    named = [str(userid).casefold() for userid in items(body.get("userids"))]
    for number in items(body.get("partyids")):
        inside = world.corp.within(number) if isinstance(number, int) else ()
        named += [member.key for member in inside if member.key in message.readers]
    if not named:
        raise RefusalError(82101)
    invalid = tuple(userid for userid in named if not world.may_see(app, userid))
    reached = frozenset(named) & message.readers
    if not reached:
        raise RefusalError(82102)
    return reached, invalid


def _change(message: Message, body: Json) -> dict[str, object]:
    """Return what changes on the card: a button's words, or the whole card."""
    if "button" in body:
        words = text(mapping(body["button"]), "replace_name")
        if not words or card_type(message.part) not in INTERACTIVE:
            raise RefusalError(42018 if words else 42017, "invalid button")
        return {"replace_text": words}
    card = mapping(body.get("template_card"))
    check_card(card, update=True)
    blank = dict.fromkeys(message.part, None)
    return {**blank, **card, "task_id": message.task_id}
