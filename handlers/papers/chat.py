"""Papers in chat: ordered, filled in, checked and sent; every act by the words of a sentence."""

from collections.abc import Callable

from cases.encoding import wecom_field
from cases.errors import NotAllowedError, NotPermittedError, RefusalError
from cases.masking import mask
from cases.model import Case
from cases.notices import Choice, Notice, ToPerson, ToRole
from cases.papers.model import Kind, Paper, fillable, fit
from cases.papers.spans import month_in, span_said
from cases.papers.words import PaperAct, PaperWords, find_paper_words
from cases.people import Role
from cases.permissions import HEIGHT, SEES_ALL, Action, not_found
from handlers import said
from handlers.arrangements import acts_for
from handlers.drafting import order_of_case, order_of_period
from handlers.papers.content import content
from handlers.papers.telling import ROBOT, may_read, page_of
from handlers.post import Origin, Post
from handlers.public_reply import reported_up
from handlers.references import case_meant
from handlers.said import Slots
from handlers.seats import asked_of
from handlers.talk import Talk
from storage.papers import FILLED, Kept
from storage.states import PaperState, VersionState

_SECONDS = 5  # about: printing takes less than one, the queue some
_EACH = 1  # seconds for each that waits before it
_MOST = 10
_LONGEST = 2000  # characters of what is filled in
_CALLED = {
    "月报": Kind.MONTHLY,
    "简报": Kind.MONTHLY,
    "复盘报告": Kind.REVIEW,
    "复盘材料": Kind.REVIEW,
    "统计表": Kind.LEDGER,
    "汇总表": Kind.LEDGER,
    "汇总": Kind.LEDGER,
} | {kind.value: kind for kind in Kind}
_KNOWN = "、".join(kind.value for kind in Kind)


def by_words(talk: Talk, words: str) -> Callable[[], str] | None:
    """Return what carries out a sentence about a paper; None where it is none."""
    found = find_paper_words(words)
    return None if found is None else lambda: _ACTS[found.act](talk, found)


def ordered(talk: Talk, slots: Slots) -> str:
    """出一份…: a paper about a case or a period is printed and shown to whoever asked.

    Raises:
        RefusalError: there is no such paper, or no case that is meant.
    """
    name = said.text(slots, "report_type")
    kind = _CALLED.get(name)
    period = said.text(slots, "period")
    if kind is None:
        raise RefusalError(f"「{name}」还出不了。能出的有: {_KNOWN}。例如: 出一份007的专报")
    if kind.is_of_case:
        case = case_meant(talk, slots, lambda one: one.is_open, verb=f"出{kind.value}")
        return _write_case(talk, case, kind)
    talk.permit(Action.WRITE_PAPER)
    usual = "上月" if kind is Kind.BULLETIN else ""
    span = span_said(kind, period or month_in(talk.spoken) or usual, talk.now)
    if span is None:
        raise RefusalError(
            f"「{period}」的{kind.value}还出不了。可写今天、本周、上周、本月、上月、10月。"
        )
    number = order_of_period(
        talk.work, kind, span.name, now=talk.now, by=talk.person.userid, way=_way(talk)
    )
    return _on_its_way(talk, f"文稿{number} {span.words}{kind.value}")


def _write(talk: Talk, words: PaperWords) -> str:
    if words.number:
        paper = _paper(talk, words)
        talk.permit(Action.WRITE_PAPER)
        talk.work.papers.again(
            paper.id, by=talk.person.userid, now=talk.now, origin="起草", way=_way(talk)
        )
        return _on_its_way(talk, f"文稿{paper.id} {paper.name}")
    case = case_meant(talk, {"case": words.case}, lambda one: one.is_open, verb="出文稿")
    return _write_case(talk, case, words.kind or Kind.SPECIAL)


def _write_case(talk: Talk, case: Case, kind: Kind) -> str:
    talk.permit(Action.WRITE_PAPER, case)
    period = ""
    if kind is Kind.LATER_REPORT:
        period = f"续报{max(1, case.reports - 1)}"
    number = order_of_case(
        talk.work,
        talk.desk,
        case,
        kind,
        period,
        now=talk.now,
        by=talk.person.userid,
        way=_way(talk),
    )
    talk.case = case
    return _on_its_way(talk, f"文稿{number} {case.short_number} {kind.value}")


def _way(talk: Talk) -> str:
    """Through the robot's single chat the file comes back there."""
    asked = talk.asked
    return ROBOT if asked is not None and asked.can_push and not asked.chat.is_group else ""


def _on_its_way(talk: Talk, name: str) -> str:
    ahead = talk.work.papers.count_waiting() - 1
    queue = f"前面还有 {ahead} 份, " if ahead > 0 else ""
    seconds = _SECONDS + max(0, ahead) * _EACH
    return f"正在生成 {name}, {queue}约 {seconds} 秒, 好了把文件发给您。"


def _paper(talk: Talk, words: PaperWords) -> Kept:
    """Return the paper that is meant, if the speaker may have it."""
    if words.number:
        return _readable(talk, words.number)
    case = case_meant(talk, {"case": words.case}, lambda one: one.is_open, verb="核稿")
    mine = [one for one in talk.work.papers.of_case(case.id) if one.kind is words.kind]
    if not mine:
        kind = words.kind.value if words.kind else "文稿"
        raise RefusalError(
            f"{case.short_number} 还没有{kind}。要出请回复「出{case.short_number}的{kind}」。"
        )
    return _readable(talk, mine[-1].id)


def _readable(talk: Talk, number: int) -> Kept:
    try:
        paper = talk.work.papers.get(number)
    except KeyError:
        raise not_found() from None
    case = _case_of(talk, paper)
    if not may_read(talk.person, case) or (case is None and not talk.person.is_any(*SEES_ALL)):
        raise not_found()
    talk.case = case or talk.case
    return paper


def _case_of(talk: Talk, paper: Kept) -> Case | None:
    return talk.work.cases.load(paper.case_id) if paper.case_id is not None else None


def _must_check(talk: Talk, paper: Kept) -> None:
    """Let whoever checks this paper, or stands in for them, decide; refuse anybody else."""
    wanted = HEIGHT.get(Role(paper.checker), 1)
    for who in (talk.person, *acts_for(talk.work, talk.person, talk.now)):
        if max((HEIGHT.get(role, 0) for role in who.roles), default=0) >= wanted:
            talk.acting_for = "" if who is talk.person else who.name
            return
    raise NotPermittedError(f"{paper.name}由{paper.checker}核稿。")


def _approve(talk: Talk, words: PaperWords) -> str:
    return approved(talk, _paper(talk, words))


def approved(talk: Talk, paper: Kept) -> str:
    """同意: the paper may go out."""
    _must_check(talk, paper)
    if paper.state is PaperState.SENT:
        raise NotAllowedError(f"文稿{paper.id} 已经报送, 不用再核。")
    if paper.state is PaperState.DRAFTING:
        raise NotAllowedError(f"文稿{paper.id} 还在生成, 好了再请您核。")
    _decide(talk, paper, PaperState.APPROVED, talk.spoken or talk.words)
    return f"文稿{paper.id} {paper.name}已核定。发出后请回复「文稿{paper.id} 已报, 报至何处」" + (
        "; 上报时限到那时为止。" if paper.kind is Kind.UPWARD else "。"
    )


def _decide(talk: Talk, paper: Kept, state: PaperState, opinion: str) -> None:
    by = talk.person.userid
    talk.work.papers.decide(paper.id, state, mask(fit(opinion)), by=by, now=talk.now)
    _audit(talk, paper, state.value)


def _audit(talk: Talk, paper: Kept, action: str) -> None:
    talk.work.audit.append(
        actor=talk.person.userid,
        role="、".join(sorted(talk.person.roles)),
        action=f"paper.{action}",
        object_type="paper",
        object_id=str(paper.id),
        result="done",
        details={"kind": paper.kind.name, "subject": paper.subject or paper.period}
        | ({"acting_for": talk.acting_for} if talk.acting_for else {}),
        now=talk.now,
    )


def _return(talk: Talk, words: PaperWords) -> str:
    paper = _paper(talk, words)
    _must_check(talk, paper)
    if paper.state is PaperState.SENT:
        raise NotAllowedError(f"文稿{paper.id} 已经报送, 改动请重新出一份。")
    if not words.text:
        raise RefusalError(f"请写明怎么改, 例如: 文稿{paper.id} 修改意见: 影响范围写具体")
    _decide(talk, paper, PaperState.RETURNED, words.text)
    _tell_opinion(talk, paper, words.text)
    how = "在页面上传改好的 Word 文件" if talk.desk.base_url else "重新出一份"
    return f"文稿{paper.id} 的修改意见已记下并告知起草人; 改好后{how}, 会再请您核。"


def _tell_opinion(talk: Talk, paper: Kept, opinion: str) -> None:
    text = f"【文稿{paper.id}】{paper.name}要修改: {wecom_field(mask(opinion), 600)}"
    writer = ToPerson(paper.asked_by) if paper.asked_by else ToRole(Role.OFFICE_DIRECTOR)
    notice = Notice(writer, text, "paper-returned", "文稿修改意见")
    origin = Origin("paper", f"{paper.id}-{talk.key}", "returned", case=_case_of(talk, paper))
    Post(talk.work, talk.desk, talk.now).tell((notice,), origin, doer=talk.person.userid)


def _fill(talk: Talk, words: PaperWords) -> str:
    paper = _paper(talk, words)
    talk.permit(Action.WRITE_PAPER, _case_of(talk, paper))
    if paper.state is PaperState.SENT:
        raise NotAllowedError(f"文稿{paper.id} 已经报送, 改动请重新出一份。")
    made = content(talk.work, talk.desk, paper, 0, talk.now)
    field = fillable(made, words.field) if isinstance(made, Paper) else None
    if field is None:
        raise RefusalError(
            f"文稿{paper.id} 没有可以补写的「{words.field}」。"
            "系统记录里有的内容请按办理更正, 不在文稿里改。"
        )
    talk.work.papers.fill(paper.id, field.key, mask(fit(words.text, _LONGEST)))
    talk.work.papers.again(
        paper.id, by=talk.person.userid, now=talk.now, origin=FILLED, way=_way(talk)
    )
    _audit(talk, paper, "filled")
    return f"「{field.label}」已补。{_on_its_way(talk, f'文稿{paper.id} 新的一版')}"


def _sent(talk: Talk, words: PaperWords) -> str:
    paper = _paper(talk, words)
    case = _case_of(talk, paper)
    talk.permit(Action.WRITE_PAPER, case)
    if paper.state is PaperState.SENT:
        raise NotAllowedError(f"文稿{paper.id} 已经记为报送。")
    if paper.state is not PaperState.APPROVED:
        raise NotAllowedError(f"文稿{paper.id} 还没有核定, 请{paper.checker}先核。")
    to = mask(fit(words.text, 200))
    said_more = ""
    if paper.kind is Kind.UPWARD and case is not None and not case.response.reported_up:
        said_more = reported_up(talk, case.number, to)
    talk.work.papers.sent(paper.id, to, by=talk.person.userid, now=talk.now)
    _audit(talk, paper, "sent")
    return f"文稿{paper.id} {paper.name}已记为报送{f' ({to})' if to else ''}。{said_more}"


def _show(talk: Talk, words: PaperWords) -> str:
    paper = _paper(talk, words)
    versions = talk.work.papers.versions(paper.id)
    ready = [one for one in versions if one.state is VersionState.READY]
    lines = [
        (
            f"文稿{paper.id} {paper.name}: {paper.state.label}, 共 {len(ready)} 版, "
            f"{paper.checker}核稿。"
        )
    ]
    if ready and ready[-1].wanted:
        lines.append(f"待补: {'、'.join(ready[-1].wanted[:8])}")
    if paper.opinion and paper.state is PaperState.RETURNED:
        lines.append(f"修改意见: {paper.opinion}")
    if page := page_of(talk.desk, paper):
        lines.append(f"打开: {page}")
    return "\n".join(lines)


def _list(talk: Talk, _words: PaperWords) -> str:
    waiting = waiting_for(talk)
    if not waiting:
        return "没有等您核的文稿。要出一份请回复, 例如: 出一份007的专报"
    lines = [f"文稿{one.id} {one.name}" for one in waiting[:_MOST]]
    more = [f"… 另有 {len(waiting) - _MOST} 份"] if len(waiting) > _MOST else []
    return "\n".join([f"等您核的文稿 {len(waiting)} 份:", *lines, *more])


def waiting_for(talk: Talk) -> list[Kept]:
    """Return the papers that the speaker is asked to check, oldest first."""
    people = (talk.person, *acts_for(talk.work, talk.person, talk.now))
    roles = {role.value for who in people for role in who.roles}
    found = talk.work.papers.being_checked(roles)
    return [one for one in found if may_read(talk.person, _case_of(talk, one))]


def bare_approval(talk: Talk, slots: Slots) -> str | None:
    """同意 without a number: a paper is meant where nothing else waits for the speaker.

    Returns None where something else is meant.
    """
    if slots.get("case") or talk.case is not None or asked_of(talk):
        return None
    waiting = waiting_for(talk)
    if not waiting:
        return None
    if len(waiting) == 1:
        return approved(talk, waiting[0])
    choices = tuple(
        Choice(f"文稿{one.id} {one.name}", (f"文稿{one.id} 同意",)) for one in waiting[:5]
    )
    talk.say("有几份文稿等您核, 同意哪一份?", choices)
    return ""


_ACTS: dict[PaperAct, Callable[[Talk, PaperWords], str]] = {
    PaperAct.APPROVE: _approve,
    PaperAct.RETURN: _return,
    PaperAct.FILL: _fill,
    PaperAct.SENT: _sent,
    PaperAct.WRITE: _write,
    PaperAct.SHOW: _show,
    PaperAct.LIST: _list,
}
