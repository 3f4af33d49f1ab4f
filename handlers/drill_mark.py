"""What is said with the mark of a drill belongs to the drill under way, and to nothing else."""

from cases.drills.marking import unmarked
from handlers.talk import Talk

_NONE = (
    "现在没有进行中的演练, 这条没有登记也没有办理。真实情况请去掉【演练】再发; "
    "要演练请舆情办回复「演练」看有哪些场景。"
)


def hear(talk: Talk) -> str:
    """Take the mark off what was said and let it count for the drill; return why it cannot."""
    said = unmarked(talk.words)
    if said is None:
        return ""
    drill = talk.work.drills.under_way()
    if drill is None:
        return _NONE
    talk.words, talk.drill = said, drill.id
    return ""
