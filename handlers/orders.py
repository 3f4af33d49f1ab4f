"""Leaders' free orders in chat (批示): tasks, carried out after one tap; 阅示 goes upward."""

from cases import commands, events
from cases.approvals import Kind, awaited
from cases.chat.names import is_person
from cases.errors import NotAllowedError, RefusalError
from cases.model import Case, State
from cases.people import Role
from cases.permissions import Action
from cases.wording.moments import clock_time
from cases.wording.telling import orders as words
from handlers import said
from handlers.carry_out import decider_of, describe
from handlers.references import case_meant
from handlers.said import Slots
from handlers.talk import Talk
from handlers.units_meant import unit_meant

_ABOVE = {Role.OFFICE_DIRECTOR: Role.DEPUTY_LEADER, Role.DEPUTY_LEADER: Role.CHIEF_LEADER}


def instruct(talk: Talk, slots: Slots) -> str:
    """请卫健委、市监局阅处, 1小时内报我: proposed as tasks with owners and a deadline."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="批示")
    talk.permit(Action.INSTRUCT, case)
    lead = said.text(slots, "lead")
    lead = "" if lead and is_person(lead) else lead
    named = dict.fromkeys(
        (*([lead] if lead else []), *said.texts(slots, "units"), *said.texts(slots, "coop"))
    )
    command = commands.ProposeInstruction(
        words=talk.words,
        units=tuple(unit_meant(talk, name).id for name in named if not is_person(name)),
        lead=unit_meant(talk, lead).id if lead else "",
        demand="、".join(said.texts(slots, "action")),
        deadline=said.moment(slots, "deadline"),
    )
    changed = talk.do(case, Action.INSTRUCT, command)
    proposed = next(e for e in changed.events if isinstance(e, events.InstructionProposed))
    telling = describe(talk.work, talk.desk, changed.case, now=talk.now)
    text = f"{case.short_number} 按您的批示拟办: {words.tasks(proposed, telling)}。"
    talk.say(text, words.tap(case, proposed.number), changed.case)
    return ""


def execute(talk: Talk, written: str, number: int) -> str:
    """One tap by the leader or the office: the tasks are given."""
    case = case_meant(talk, {"case": written}, lambda one: one.is_open, verb="办理批示")
    talk.permit(Action.EXECUTE_ORDER, case)
    _not_done_yet(talk, case, number)
    changed = talk.do(case, Action.EXECUTE_ORDER, commands.ExecuteInstruction(number))
    given = [event for event in changed.events if isinstance(event, events.OrderGiven)]
    units = {unit.id: unit.name for unit in talk.work.people.units()}
    names = "、".join(units.get(event.unit, event.unit) for event in given)
    return f"{case.short_number} 已照批示通知{names}。"


def drop(talk: Talk, written: str, number: int) -> str:
    """It was not meant so: nothing is given."""
    case = case_meant(talk, {"case": written}, lambda one: one.is_open, verb="撤销批示")
    talk.permit(Action.EXECUTE_ORDER, case)
    _not_done_yet(talk, case, number)
    talk.do(case, Action.EXECUTE_ORDER, commands.DropInstruction(number))
    example = "请住建局牵头核实, 今天下班前报我"
    return f"{case.short_number} 不按此办。请再写明交给谁、办什么, 例如: {example}"


def _not_done_yet(talk: Talk, case: Case, number: int) -> None:
    done = events.InstructionExecuted | events.InstructionDropped
    for entry in talk.work.cases.history(case.id):
        if isinstance(entry.event, done) and entry.event.number == number:
            who, when = talk.work.people.name_of(entry.by), clock_time(entry.at, talk.now)
            raise NotAllowedError(
                f"{case.short_number} 的这条批示已由{who}于 {when} 处理, 不用再点。"
            )


def pass_upward(talk: Talk, slots: Slots) -> str:
    """请XX阅示: the leader above is asked; it approves nothing."""
    case = case_meant(talk, slots, lambda one: awaited(one) is not None, verb="报请阅示")
    if case.state is State.REPLY_DRAFT:  # the office passes the text on: that is its 审核
        talk.do(case, Action.REVIEW_REPLY, commands.PassReply(words=talk.words))
        return f"{case.short_number} 审核意见已记录, 已报领导签发。"
    to = _higher(talk, case, said.text(slots, "to"))
    talk.permit(Action.TO_HIGHER, case)
    talk.do(case, Action.TO_HIGHER, commands.PassUpward(to=to.value, words=talk.words))
    kind = awaited(case) or Kind.UPWARD
    return f"{case.short_number} 的{kind.label}已报{to.value}阅示, 由其决定; 您的意见已转达。"


def _higher(talk: Talk, case: Case, name: str) -> Role:
    if name:
        leaders = (Role.CHIEF_LEADER, Role.DEPUTY_LEADER)
        for role in leaders:
            if any(p.name[0] == name[0] for p in talk.work.people.with_role(role)):
                return _above(talk, role)
    current = decider_of(talk.desk, case)
    own = next((role for role in reversed(_ABOVE) if role in talk.person.roles), current)
    return _above(talk, _ABOVE.get(own, Role.CHIEF_LEADER))


def _above(talk: Talk, role: Role) -> Role:
    if talk.person.is_any(Role.CHIEF_LEADER) or role in talk.person.roles:
        raise RefusalError("您就是决定的人, 请直接回复「同意」或「退回 + 理由」。")
    return role
