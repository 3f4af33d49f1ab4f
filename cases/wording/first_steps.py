"""What somebody is told who meets the bot for the first time."""

from cases.encoding import wecom_field
from cases.people import Person
from cases.permissions import LEADERS, OFFICE, UNIT_PEOPLE


def first_steps(institution: str, person: Person) -> str:
    """Return the first steps: try it with any article, and what this person will do here.

    Not every client passes a forwarded card on to an app, so it is tried at once (decision 18).
    """
    lines = [
        f"{wecom_field(person.name, 30)}您好, 我是{wecom_field(institution, 60)}的督办助手。",
        "先试一下: 请随便转发一篇文章给我。没有反应的话, 把网址粘贴发来也一样。",
        "(试的那件回复「撤回, 测试」即可取消。)",
    ]
    if person.is_any(*UNIT_PEOPLE):
        lines.append(
            "收到交办请点卡片上的「签收」, 或回复「收到」; 不属本单位职责点「退回」并写明理由。"
        )
    if person.is_any(*LEADERS):
        lines.append("要您批的会发卡片来, 点「同意」或「退回」; 也可直接回复「同意」。")
    if person.is_any(*OFFICE):
        lines.append("新登记的会请您定级交办, 例如回复: 007 定二级, 交住建局")
    lines.append("下面的菜单有「我的待办」「今日到期」; 随时回复「帮助」。")
    return "\n".join(lines)
