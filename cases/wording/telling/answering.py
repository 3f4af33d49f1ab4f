"""Words about the public answer: drafts to check, to sign and to publish; 特报 and 发布会."""

from typing import assert_never

from cases import events
from cases.asks import Asks
from cases.encoding import cut_bytes, wecom_lines
from cases.model import Case, State
from cases.notices import Choice, Notice, Priority, Recipient, ToPerson, ToRole, ToUnit
from cases.people import Role
from cases.response import RESPOND
from cases.wording.moments import clock_time
from cases.wording.reminders import head
from cases.wording.telling.context import Telling
from cases.wording.telling.unit_work import ask_to_close

_PAGE_BYTES = 1300  # of a text of 2048 bytes; the rest is for what has to be done
_CHECKERS = (Role.OFFICE_DIRECTOR, Role.REVIEWER)


def notices(case: Case, event: events.Answering, telling: Telling) -> tuple[Notice, ...]:
    """Return what is said about the event."""
    match event:
        case events.ReplyDrafted():
            return _ask_office(case, event, telling)
        case events.ReplyPassed(words=words):
            return _ask_leader(case, words, telling)
        case events.ReplyReturned(version=version, reason=reason):
            said = (
                f"【回应稿退回】{head(case, telling.title)}\n第 {version} 稿退回: {reason}。\n"
                f"请改好重报, 例如「{case.short_number} 拟回复: …」"
            )
            return tuple(Notice(to, said, "reply-returned", "回应稿退回") for to in _drafters(case))
        case events.ReplyIssued():
            return _may_publish(case, event, telling)
        case events.ReplyIssuedWithEdit(words=words):
            return _to_edit(case, words, telling)
        case events.Published():
            return _published(case, event, telling)
        case _:
            return _besides(case, event, telling)


def _pages(text: str) -> list[str]:
    rest, pages = wecom_lines(text), []
    while rest:
        page = rest if len(rest.encode()) <= _PAGE_BYTES else cut_bytes(rest, _PAGE_BYTES)[:-1]
        pages.append(page)
        rest = rest[len(page) :]
    return pages


def _with_text(asks: list[Notice], text: str, name: str) -> tuple[Notice, ...]:
    """Put the whole text before what is asked: on its own pages where it is long."""
    pages = _pages(text)
    if len(pages) == 1:
        return tuple(asks)
    told = [
        Notice(
            ask.to,
            f"【稿件 {nth}/{len(pages)}】{name}\n{page}",
            f"{ask.kind}-page-{nth}",
            ask.reason,
            ask.priority,
            is_optional=ask.is_optional,
        )
        for ask in asks
        for nth, page in enumerate(pages, start=1)
    ]
    return (*told, *asks)


def _shown(text: str) -> str:
    pages = _pages(text)
    return f"「{pages[0]}」" if len(pages) == 1 else f"(全文见上, 共 {len(pages)} 段)"


def _drafters(case: Case) -> tuple[Recipient, ...]:
    reply = case.response.reply
    return (ToUnit(reply.unit), ToPerson(reply.drafted_by)) if reply else ()


def _ask_office(case: Case, event: events.ReplyDrafted, telling: Telling) -> tuple[Notice, ...]:
    reply = case.response.reply
    until = telling.when("审核")
    condition = reply.condition if reply else ""
    asked = (
        f"领导批示: {condition}\n请核对: 改到位回复「同意」即可发布, 不到位回复「退回 + 理由」"
        if condition
        else "通过请回复「同意」, 即报领导签发; 不通过请回复「退回 + 理由」"
    )
    name = head(case, telling.title)
    text = (
        f"【请审核回应稿】{name}\n{telling.unit(event.unit)}第 {event.version} 稿: "
        f"{_shown(event.draft)}\n{asked}。" + (f"时限 {until}。" if until else "")
    )
    pass_on = Choice("改到位, 可发布" if condition else "审核通过", (f"同意 {case.number}",))
    asks = [
        Notice(
            ToRole(role),
            text,
            "reply-check",
            "回应稿请审核",
            Priority.TOP_GRADE if telling.top_grade else Priority.NOTICE,
            (pass_on,),
            Asks.CHECK,
            is_optional=role is Role.REVIEWER,
        )
        for role in _CHECKERS
    ]
    return _with_text(asks, event.draft, name)


def _ask_leader(case: Case, words: str, telling: Telling) -> tuple[Notice, ...]:
    reply = case.response.reply
    if reply is None:
        return ()
    until = telling.when("签发")
    name = head(case, telling.title)
    checked = f"审核意见: {words}\n" if words else ""
    verdict = f"核实结果: {case.verdict}\n" if case.verdict else ""
    text = (
        f"【请签发】{name}\n"
        f"{telling.unit(reply.unit)}拟第 {reply.version} 稿: {_shown(reply.text)}\n"
        f"{verdict}{checked}请{f'在 {until} 前' if until else ''}"
        "回复「同意」「原则同意, …改后发」或「退回 + 理由」。"
    )
    agree = Choice("同意发布", (f"同意 {case.number}",))
    asks = [
        Notice(
            ToRole(role),
            text,
            "reply-issue",
            "回应稿请签发",
            Priority.TOP_GRADE,
            (agree,),
            Asks.ISSUE,
        )
        for role in telling.deciders
    ]
    return _with_text(asks, reply.text, name)


def _may_publish(case: Case, event: events.ReplyIssued, telling: Telling) -> tuple[Notice, ...]:
    reply = case.response.reply
    if reply is None:
        return ()
    until = telling.when("发布")
    name = head(case, telling.title)
    text = (
        f"【请发布】{name}\n第 {event.version} 稿已签发: {_shown(reply.text)}\n"
        f"批示: {event.words}。请{f'在 {until} 前' if until else ''}照此发布, 一字不改; "
        f"发布后回复「{case.short_number} 已在官微发布 https://…」"
    )
    priority = Priority.TOP_GRADE if telling.top_grade else Priority.NOTICE
    asks = [
        Notice(to, text, "reply-publish", "已签发, 请发布", priority)
        for to in (ToUnit(reply.unit), ToPerson(reply.drafted_by))
    ]
    spokesperson = ToRole(Role.SPOKESPERSON)
    asks.append(
        Notice(spokesperson, text, "reply-publish", "已签发, 请发布", priority, is_optional=True)
    )
    info = f"【已签发】{name}\n第 {event.version} 稿可以发布, 已通知{telling.unit(reply.unit)}。"
    duty = Notice(ToRole(Role.DUTY_OFFICER), info, "reply-issued", "回应稿已签发")
    return (*_with_text(asks, reply.text, name), duty)


def _to_edit(case: Case, words: str, telling: Telling) -> tuple[Notice, ...]:
    name = head(case, telling.title)
    text = (
        f"【改后发布】{name}\n批示: {words}\n"
        f"没有改到位不能发布。请改好重报, 例如「{case.short_number} 拟回复: …」, "
        "舆情办核对后即可发布。"
    )
    info = f"【改后发布】{name}\n批示: {words}\n已请单位修改, 重报后请核对。"
    return (
        *(Notice(to, text, "reply-edit", "领导原则同意, 请修改") for to in _drafters(case)),
        Notice(ToRole(Role.OFFICE_DIRECTOR), info, "reply-edit-watch", "领导原则同意, 待修改"),
    )


def _published(case: Case, event: events.Published, telling: Telling) -> tuple[Notice, ...]:
    where = " ".join(part for part in (event.channel, event.url) if part)
    watch = clock_time(event.until, telling.now)
    name = head(case, telling.title)
    text = (
        f"【已发布】{name}\n{where} · {clock_time(event.at, telling.now)}\n"
        f"跟踪到 {watch}, 有反弹请补充; 平稳后请单位申请办结。"
    )
    roles = dict.fromkeys((Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR, telling.approver))
    return tuple(Notice(ToRole(role), text, "published", "公开回应已发布") for role in roles)


def _besides(
    case: Case,
    event: events.StepWaived | events.ReportedUp | events.PressPlanned | events.PressHeld,
    telling: Telling,
) -> tuple[Notice, ...]:
    name = head(case, telling.title)
    match event:
        case events.StepWaived(step=step, reason=reason):
            what = "不需公开回应" if step == "回应" else f"不开{step}"
            said = f"【{what}】{name}\n理由: {reason}。不再提醒。"
            unit: tuple[Recipient, ...] = (ToUnit(case.lead.unit_id),) if case.lead else ()
            told = tuple(
                Notice(to, said, "waived", what) for to in (ToRole(Role.DUTY_OFFICER), *unit)
            )
            if step != RESPOND or case.state is not State.CLOSE_REQUESTED:
                return told
            return (*ask_to_close(case, f"{what}: {reason}", telling), *told)
        case events.ReportedUp(text=text):
            more = f": {text}" if text else ""
            return _watchers(
                case, f"【已上报】{name}\n特报已报上级{more}", "reported-up", "特报已报"
            )
        case events.PressPlanned(at=at, place=place):
            when = clock_time(at, telling.now) if at else ""
            said = (
                f"【发布会】{name}\n定于 {when} {place}".rstrip() + "。开完请回复「发布会已开, …」"
            )
            return _watchers(case, said, "press-planned", "安排发布会")
        case events.PressHeld(text=text, url=url):
            more = " ".join(part for part in (text, url) if part)
            said = f"【发布会已开】{name}\n{more or '已记录'}"
            return _watchers(case, said, "press-held", "发布会已有记录")
        case _:
            assert_never(event)


def _watchers(case: Case, text: str, kind: str, why: str) -> tuple[Notice, ...]:
    told: tuple[Recipient, ...] = (ToRole(Role.DUTY_OFFICER), ToRole(Role.OFFICE_DIRECTOR))
    if case.lead is not None:
        told = (*told, ToUnit(case.lead.unit_id))
    return tuple(Notice(to, text, kind, why) for to in told)
