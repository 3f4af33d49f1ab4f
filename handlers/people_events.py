"""Events of the platform about people: who left the app's range or the corp, who is there again."""

from dataclasses import replace
from datetime import datetime

from cases.contacts import Status
from cases.directory import Change, ChangeKind, Plan
from cases.messages import ContactChange, Heard
from cases.notices import Notice, Priority, ToPerson
from cases.wording.people import Way
from handlers.desk import Desk
from handlers.people_changes import Cause, apply, come_back, leave
from handlers.post import Origin, Post
from storage.work import Work

SYSTEM = "sys"  # whom the platform names as the sender of what it says itself
PROBE_KEY = "duban-received"  # the button of the doctor's card
_RECEIVED = "doctor.received."  # a setting for whoever has pressed it: when
SYNCED_AT = "contacts.synced_at"  # the setting that says when the contacts were last read


def hear_event(work: Work, desk: Desk, heard: Heard, now: datetime) -> bool:
    """Carry an event about people out; False when it is about something else."""
    event = heard.event
    if event is None:
        return False
    if event.name == "unsubscribe":
        leave(work, desk, heard.sender, Cause(Way.UNSUBSCRIBED, SYSTEM, now))
    elif event.name == "subscribe":
        come_back(work, desk, heard.sender, Cause(Way.NOT_SEEN, SYSTEM, now))
        return False  # and whoever is here is greeted
    elif event.key == PROBE_KEY and work.people.person(heard.sender) is not None:
        _received(work, desk, heard, now)
    elif event.name == "change_contact":
        if heard.sender == SYSTEM and event.contact is not None:
            _changed(work, desk, event.contact, now)
    else:
        return False
    return True


def _changed(work: Work, desk: Desk, change: ContactChange, now: datetime) -> None:
    if change.kind == "delete_user":
        leave(work, desk, change.userid, Cause(Way.DELETED, SYSTEM, now))
    elif change.kind == "create_user":
        come_back(work, desk, change.userid, Cause(Way.NOT_SEEN, SYSTEM, now))
    elif change.kind == "update_user":
        _updated(work, desk, change, now)


def _received(work: Work, desk: Desk, heard: Heard, now: datetime) -> None:
    """Somebody has seen the doctor's card and says so: the one proof that they are reached."""
    work.settings.put(_RECEIVED + heard.sender, now.isoformat())
    text = "好的, 您能收到督办的消息, 也能按按钮。"
    answer = Notice(ToPerson(heard.sender), text, "answer", "答复自检", Priority.CLICK)
    Post(work, desk, now).tell((answer,), Origin("inbox", heard.key, "0"))


def last_received(work: Work, userid: str) -> str:
    """When this person last pressed the doctor's button, as ISO time; empty if never."""
    return str(work.settings.get(_RECEIVED + userid) or "")


def _updated(work: Work, desk: Desk, change: ContactChange, now: datetime) -> None:
    if change.new_userid:
        _renamed(work, desk, change, now)
    if change.status in (Status.DISABLED, Status.LEFT):
        leave(work, desk, change.userid, Cause(Way.DISABLED, SYSTEM, now))
    elif change.status == Status.ACTIVE:
        come_back(work, desk, change.userid, Cause(Way.NOT_SEEN, SYSTEM, now))
    if change.departments:
        # Numbers only: which unit they mean is known once the contacts have been read anew.
        work.settings.put(SYNCED_AT, "")


def _renamed(work: Work, desk: Desk, change: ContactChange, now: datetime) -> None:
    """The account goes on under another userid: the person keeps what they are."""
    person = work.people.person(change.userid)
    if person is None:
        return
    renamed = replace(person, userid=change.new_userid.casefold())
    changes = (
        Change(ChangeKind.ADDED, None, renamed),
        Change(ChangeKind.LEFT, person, None),
    )
    apply(work, desk, Plan((), changes, ()), Cause(Way.RENAMED, SYSTEM, now))
