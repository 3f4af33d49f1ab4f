"""One message being answered: who speaks, what was heard, and the words that go back."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from cases import commands
from cases.drills.marking import marked
from cases.errors import RefusalError
from cases.model import Case
from cases.notices import Choice, Notice, Priority, ToPerson
from cases.people import Person, Role
from cases.permissions import BY_APPROVER, DELEGABLE, Action, authorize, lowest
from handlers.arrangements import acts_for
from handlers.carry_out import Changed, carry_out, deciders_of
from handlers.desk import Act, Desk
from handlers.post import Origin, Post
from handlers.robot_answer import Asked
from storage.states import ApprovalKind
from storage.work import Work

_CLOSE = frozenset({ApprovalKind.CLOSE, ApprovalKind.UPWARD})
# Which questions an action answers.
_ANSWERS = {
    Action.SIGNOFF: frozenset({ApprovalKind.SIGNOFF, ApprovalKind.UPWARD}),
    Action.ISSUE: frozenset({ApprovalKind.DRAFT, ApprovalKind.UPWARD}),
    Action.REVIEW_REPLY: frozenset({ApprovalKind.DRAFT}),
    Action.CLOSE: _CLOSE,
    Action.SEND_BACK: _CLOSE,
    Action.END_RESPONSE: _CLOSE,
    Action.RULE_ON_EXTENSION: frozenset({ApprovalKind.EXTENSION}),
}


@dataclass(slots=True)
class Talk:
    """The conversation of one transaction. `case` is what the message has been about so far."""

    work: Work
    desk: Desk
    person: Person
    key: str  # the key of the message heard
    words: str  # what was said, for the record
    now: datetime
    case: Case | None = None
    named_items: frozenset[int] = frozenset()  # numbers of a list that the message names
    spoken: str = ""  # the words now carried out: of a tap, those its number stands for
    following: str = ""  # the intent of the same message's next command
    acting_for: str = ""  # the name of whoever the speaker stands in for, in this decision
    asked: Asked | None = None  # through the robot, and where
    drill: int | None = None  # said in a drill, with its mark
    is_about_drill: bool = False  # a case of a drill is spoken of, with or without the mark
    priority: Priority = Priority.ANSWER  # of the answer; a press is answered before all else
    _said: int = field(default=0)

    def say(self, text: str, choices: tuple[Choice, ...] = (), case: Case | None = None) -> None:
        """Answer the speaker; "" where the question asked back was the answer."""
        if not text:
            return
        if self.drill is not None or self.is_about_drill:
            text = marked(text)
        slot = str(self._said)
        self._said += 1
        notice = Notice(
            ToPerson(self.person.userid), text, "answer", "答复来信", self.priority, choices
        )
        asked = self.asked and replace(self.asked, is_first=self._said == 1)
        origin = Origin("inbox", self.key, slot, case=case, asked=asked)
        Post(self.work, self.desk, self.now).tell((notice,), origin)

    @property
    def act(self) -> Act:
        """Who acts, in which words, heard as which message."""
        return Act(self.person, self.words, self.key, self.acting_for)

    def do(self, case: Case, action: Action, command: commands.Command) -> Changed:
        """Ask for permission, carry the command out, and remember the case as the one spoken of.

        Raises:
            RefusalError: not permitted, or not possible now.
        """
        self.permit(action, case)
        changed = carry_out(self.work, self.desk, case, command, self.act, now=self.now)
        self.case = changed.case
        return changed

    def do_joined(self, case: Case, command: commands.Join) -> Changed:
        """Let a repeat join its case: whoever may report may join, without seeing the case."""
        changed = carry_out(self.work, self.desk, case, command, self.act, now=self.now)
        self.case = changed.case
        return changed

    def permit(self, action: Action, case: Case | None = None) -> None:
        """Let the speaker do `action`, or refuse; the one decision for every door.

        Raises:
            RefusalError: says who may.
        """
        if case is not None and self.drill is not None and not case.is_drill:
            raise RefusalError(f"{case.short_number} 不是演练的件, 带【演练】的话不能办它。")
        decider = None
        if case is not None and action is Action.CONFIRM_GRADE:
            rules = self.desk.rulebook(case.rulebook_id)
            decider = rules.grading.level(case.working_level).confirms
        elif case is not None and action in BY_APPROVER:
            decider = lowest(deciders_of(self.work, self.desk, case))
        try:
            authorize(self.person, action, case, decider=decider)
        except RefusalError:
            for absent in acts_for(self.work, self.person, self.now) if action in DELEGABLE else ():
                authorize(replace(absent, unit_id=None), action, case, decider=decider)
                self.acting_for = absent.name
                return
            raise
        self.acting_for = self._asked_instead(action, case)

    def _asked_instead(self, action: Action, case: Case | None) -> str:
        """Return the name of whoever is asked and absent, where the speaker could also decide.

        He acts as stand-in only where the question was put to the absent one's role and none is
        put to his own; else the decision is his own.
        """
        kinds = _ANSWERS.get(action)
        if kinds is None or case is None:
            return ""
        rows = self.work.approvals.pending(case.id)
        asked = {Role(row.asked_role) for row in rows if row.kind in kinds}
        if not asked or asked & self.person.roles:
            return ""
        absent = acts_for(self.work, self.person, self.now)
        return next((one.name for one in absent if asked & one.roles), "")
