"""What the office asks of a unit stays with the case: nobody has to type it again."""

from datetime import datetime

import pytest

from cases.chat.demands import demand_in

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
NAMES = ("市教体局", "教体局", "市监局", "城管局", "住建局", "局")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("001 请教体局牵头、市监局配合,查清食材来源", "查清食材来源"),
        ("交教体局, 查清食材来源, 今天18点前办结", "查清食材来源"),
        ("交城管局，先排水；再查原因。今天下班前反馈", "先排水，再查原因"),
        ("#007交住建局办理,11月23日17:00前反馈", ""),
        ("001 定一级, 交教体局", ""),
        ("001, 定为较大, 同意, 交城管局", ""),
        ("001 定二级交城管局, 002 交住建局", ""),
        ("YQ-20261120-001, 交住建局, 请核实处置", "请核实处置"),
        ("请城管局牵头,2小时内首报", ""),
        ("交城管局, 明天先把路口的水排掉", "明天先把路口的水排掉"),
        ("交城管局, 好", ""),
    ],
)
def test_what_is_asked_is_told_from_who_and_when(said: str, asked: str) -> None:
    assert demand_in(said, NAMES, NOW) == asked


def test_what_is_asked_is_cut_at_a_length() -> None:
    assert len(demand_in("交城管局, " + "查" * 300, NAMES, NOW)) == 200
