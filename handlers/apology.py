"""What is said when something went wrong on our side: nobody is left without an answer."""

from collections.abc import Iterator
from datetime import datetime

from cases.encoding import wecom_field
from cases.model import Case
from cases.notices import Notice, Priority, Recipient, ToRole, ToUnit
from cases.payload import app_text
from cases.people import Person, Role
from cases.phone_call import KIND as CALL
from cases.phone_call import call_in
from handlers.desk import Desk
from handlers.post import Origin, Post
from handlers.robot_askers import userid_of
from storage.inbox import InboxItem
from storage.outbox import Claimed, NewMessage
from storage.states import Channel
from storage.work import Work


def apologise(work: Work, item: InboxItem, now: datetime, desk: Desk) -> None:
    """Tell the sender that his message was kept but could not be carried out."""
    userid = userid_of(work, item.sender) if item.channel == Channel.AIBOT else item.sender
    if userid is None:
        return  # whoever the robot could not name, the app cannot reach
    key = f"inbox|{item.key}|sorry|0|{userid}|0"
    text = "刚才的消息处理出错, 已保存并告知管理员。急事请直接联系舆情办值班员。"
    work.outbox.put(
        NewMessage(
            key=key,
            kind="sorry",
            channel=Channel.APP,
            recipient=userid,
            payload=app_text(desk.agent_id, userid, text, key=key),
            reason="处理出错, 告知来信人",
            priority=int(Priority.ANSWER),
            next_at=now,
        )
    )


def undeliverable(work: Work, claim: Claimed, why: str, now: datetime, desk: Desk) -> None:
    """Somebody could not be reached: the next person is told at once (R11)."""
    case = work.cases.load(claim.case_id) if claim.case_id is not None else None
    person = work.people.person(claim.recipient)
    name = person.name if person else claim.recipient
    of_case = f"{case.short_number}《{wecom_field(case.title, 120)}》的" if case else ""
    # The platform's own words are for the log: who reads this has to act, not to look it up.
    short = why.split("。", 1)[0]
    if claim.kind == CALL:
        _not_called(Post(work, desk, now), claim, short, case)
        return
    said = f"【没有送达】{name} 收不到消息 ({short}): {of_case}「{claim.reason}」。"
    reason = "送达失败, 告知下一位"
    notices = [
        Notice(to, said + how, "undeliverable", reason, Priority.ESCALATION)
        for to, how in _next(claim, case, person)
    ]
    Post(work, desk, now).tell(notices, Origin("outbox", str(claim.id), "0", case=case))


def _not_called(post: Post, claim: Claimed, why: str, case: Case | None) -> None:
    """The command did not reach him: the duty officer, who has the number, calls himself."""
    call = call_in(claim.payload)
    if call is None:
        return
    number = case.short_number if case else call.number
    said = (
        f"【电话没有打通】{number}: {why}。\n请您电话通知: {call.name} {call.phone}, "
        f"打通后回复「{number} 已电话通知{call.name}」。"
    )
    notice = Notice(
        ToRole(Role.DUTY_OFFICER), said, "undeliverable", "电话通知命令失败", Priority.ESCALATION
    )
    post.tell([notice], Origin("outbox", str(claim.id), "0", case=case))


def _next(
    claim: Claimed, case: Case | None, person: Person | None
) -> Iterator[tuple[Recipient, str]]:
    """Who is told in the place of `person`, and what each can do now."""
    phone = "请电话告知, 并请管理员核对其账号。"
    if claim.kind == "undeliverable":  # the duty officer too is out of reach: one step further
        yield ToRole(Role.OFFICE_DIRECTOR), phone
        return
    yield ToRole(Role.DUTY_OFFICER), phone
    if case is not None and person is not None and person.unit_id is not None:
        number = case.short_number
        how = f"请您代办: 回复「查 {number}」看情况和时限, 回复「收到 {number}」签收。"
        yield ToUnit(person.unit_id, deputy=True), how
