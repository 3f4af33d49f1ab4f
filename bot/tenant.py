"""What only a real tenant can answer, and what was answered (docs/sandbox.md lists it)."""

from dataclasses import dataclass
from datetime import datetime

from storage.work import Work

YES, NO = "yes", "no"
_KEY = "tenant."


@dataclass(frozen=True, slots=True)
class Question:
    """One open question: how to find out, and what holds until somebody has."""

    id: str
    text: str
    until_then: str


QUESTIONS = tuple(
    Question(*one)
    for one in (
        ("V1", "回调失败后多久、重试几次", "按 5 秒、共 4 次准备, 之后靠救生艇"),
        ("V2", "重试的回调, 明文是否逐字节相同", "按消息编号或明文摘要去重, 两种都不会重复登记"),
        (
            "V3",
            (
                "卡片编号 (task_id) 被记住多久; 首次失败 (45009、81013、-1) 时是否已占用; "
                "42014 能否当作已送达 (能记 yes, 不能记 no)"
            ),
            "42014 不当作已送达, 换编号重发, 极少数情况下同一张卡片会出现两次",
        ),
        ("V4", "重复检查: 最长多久, 按字节还是按内容比较, 被压下的返回什么", "重试逐字节相同"),
        ("V5", "同一人每分钟 30 条、每小时 1000 条之外是否真的不声不响丢弃", "发送前自己限速"),
        ("V6", "撤回的限制", "24 小时内, 仅应用消息"),
        ("V7", "gettoken 在有效期内是否总返回同一个凭证", "凭证共用一份, 失效即换"),
        ("V8", "哪些字符在客户端会变成 @、链接或格式", "来自外部的文字一律变为全角"),
        ("V9", "群机器人文本实际上限是 2048 还是 5120 字节", "按 2048 字节"),
        ("V10", "message/send 是否受企业可信 IP 限制", "按受限准备, 60020 时暂停并告警"),
        ("V11", "卡片事件能否直接被动回复", "一律先回空, 再用 update_template_card"),
    )
)


def read_answer(work: Work, question: str) -> str:
    """What was recorded for a question; empty while nobody has answered."""
    kept = work.settings.get(_KEY + question)
    return str(kept.get("answer", "")) if isinstance(kept, dict) else ""


def record_answer(work: Work, question: str, answer: str, now: datetime) -> None:
    """Record what the tenant answered, with the moment, and audit it.

    Raises:
        KeyError: there is no such question; the message names those there are.
    """
    if question not in {one.id for one in QUESTIONS}:
        known = "、".join(one.id for one in QUESTIONS)
        raise KeyError(f"没有问题 {question}, 可记: {known}")
    work.settings.put(_KEY + question, {"answer": answer, "at": now.isoformat()})
    work.audit.append(
        actor="command line",
        role="",
        action="tenant.answered",
        object_type="setting",
        object_id=question,
        result="done",
        details={"answer": answer},
        now=now,
    )


def trusts_task_ids(work: Work) -> bool:
    """Whether 42014 after an attempt in doubt is a receipt: only once V3 is answered with yes."""
    return read_answer(work, "V3").casefold() == YES
