"""What is answered where words were not clear, or ask for what is done in another way."""

from cases.chat import Intent, Understood
from cases.people import Person, Role

_READINGS = {
    Intent.REPORT_NEW: "上报请转发文章或粘贴链接",
    Intent.REPORT_SUPPLEMENT: "补充请回复「007 补充: …」",
    Intent.REPORT_WITHDRAW: "撤回请回复「007 误报, 作废」",
    Intent.QUERY_STATUS: "查进度请回复「查 007」",
    Intent.QUERY_LIST: "看清单请回复「我的待办」",
    Intent.GRADE_SUGGEST: "建议等级请回复「007 建议定二级, 理由」",
    Intent.GRADE_CONFIRM: "定级请回复「007 定二级」",
    Intent.ASSIGN: "交办请回复「007 交住建局」",
    Intent.URGE: "催办请回复「催 007」",
    Intent.INSTRUCT: "批示请回复「007 请住建局阅处, 1小时内报我」",
    Intent.APPROVE: "同意请回复「同意 007」",
    Intent.APPROVE_WITH_EDIT: "改后再发请回复「原则同意, 第二段删掉再发」",
    Intent.REJECT: "退回请回复「退回 007, 理由」",
    Intent.READ_ACK: "只是看过请回复「已阅」",
    Intent.ESCALATE_FOR_APPROVAL: "报上级请回复「007 请王市长阅示」",
    Intent.UNIT_SIGN: "签收请回复「收到 007」",
    Intent.UNIT_PROGRESS: "报进展请回复「007 进展: …」",
    Intent.UNIT_VERIFY_RESULT: "报核实结果请回复「007 经核实属实, …」",
    Intent.UNIT_DECLINE: "不属本单位请回复「退回 007, 理由, 建议转XX局」",
    Intent.UNIT_DONE: "办完请回复「007 已办结, …」",
    Intent.UNIT_PUBLISHED: "已发布请回复「007 已在官微发布 https://…」",
    Intent.PLAN_PRESS_CONF: "发布会请回复「007 发布会定在今天16点, 三楼」",
    Intent.HELP: "看能做什么请回复「帮助」",
}
_USUAL = (
    (Role.LIAISON, (Intent.UNIT_SIGN, Intent.UNIT_PROGRESS)),
    (Role.OFFICE_DIRECTOR, (Intent.GRADE_CONFIRM, Intent.ASSIGN)),
    (Role.DEPUTY_LEADER, (Intent.APPROVE, Intent.REJECT)),
    (Role.CHIEF_LEADER, (Intent.APPROVE, Intent.REJECT)),
)
_ELSE = (Intent.REPORT_NEW, Intent.QUERY_STATUS)
# Understood, and done in another way.
_OTHERWISE = {
    Intent.CASE_PAUSE: (
        "时限不能暂停。办不完请责任单位在到期前申请延期; 已进入诉讼等程序的请舆情办回复"
        "「{n} 不予受理, 理由, 途径」, 事态平息的回复「{n} 终止响应, 理由」。"
    ),
    Intent.CASE_RESUME: "时限没有暂停过, 一直在计。回复「{n} 什么时候到期」可看。",
}


def answer(person: Person, understood: Understood) -> str:
    """Return how it is done otherwise, or the two likeliest readings."""
    written = understood.slots.get("case")
    otherwise = _OTHERWISE.get(understood.intent)
    if otherwise is not None:
        return otherwise.format(n=written if isinstance(written, str) else "007")
    usual = next((two for role, two in _USUAL if person.is_any(role)), _ELSE)
    known = (one for one in (*understood.likeliest, *usual, *_ELSE) if one in _READINGS)
    first, second = list(dict.fromkeys(known))[:2]
    return f"没看懂您的意思。{_READINGS[first]}; {_READINGS[second]}。"
