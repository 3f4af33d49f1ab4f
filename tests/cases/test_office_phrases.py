"""Set phrases: each is known in full, and nothing else is taken for one."""

import pytest

from cases.office_phrases import Phrase, PhraseKind, find_answer, find_phrase

K = PhraseKind


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("001 不需公开回应,已当面答复", Phrase(K.NO_ANSWER, "001", "已当面答复")),
        ("不用公开回应", Phrase(K.NO_ANSWER)),
        ("#007此件不宜公开回复: 涉及隐私", Phrase(K.NO_ANSWER, "007", "涉及隐私")),
        ("1120-007无需公开发布", Phrase(K.NO_ANSWER, "1120-007")),
        ("001 不开发布会,以通报代替", Phrase(K.NO_PRESS, "001", "以通报代替")),
        ("不用召开新闻发布会", Phrase(K.NO_PRESS)),
        ("001 特报已报市委办", Phrase(K.REPORTED_UP, "001", "市委办")),
        ("特报已上报", Phrase(K.REPORTED_UP)),
        ("YQ-20261120-001 已报送特报", Phrase(K.REPORTED_UP, "YQ-20261120-001")),
        ("仍报审 YQ-20261120-001 经查, …", Phrase(K.STILL_SUBMIT, "YQ-20261120-001", "经查, …")),
        ("给张三一个登录链接", Phrase(K.LOGIN_LINK, names=("张三",))),
        ("请给欧阳小明发一条一次性的登录链接。", Phrase(K.LOGIN_LINK, names=("欧阳小明",))),
        ("照批示办 YQ-20261120-001 第2号", Phrase(K.EXECUTE, "YQ-20261120-001", number=2)),
        ("批示不按此办 001 第12号", Phrase(K.DROP, "001", number=12)),
        ("007建群", Phrase(K.OPEN_CHAT, "007")),
        ("007拉群", Phrase(K.OPEN_CHAT, "007")),
        ("请给1120-007号件建一个工作群吧", Phrase(K.OPEN_CHAT, "1120-007")),
        ("建个群", Phrase(K.OPEN_CHAT)),
        ("#007 关掉群", Phrase(K.CLOSE_CHAT, "007")),
        (
            "一级签发由分管领导、主要领导依次同意",
            Phrase(K.PANEL, names=("一级", "签发", "依次", "分管领导", "主要领导")),
        ),
        (
            "二级办结改由分管领导和主要领导都要同意",
            Phrase(K.PANEL, names=("二级", "办结", "全部", "分管领导", "主要领导")),
        ),
        (
            "周国华11月21日到25日由王建平代签",
            Phrase(K.STAND_IN, rest="周国华11月21日到25日由王建平代签", names=("周国华", "王建平")),
        ),
    ],
)
def test_a_set_phrase_is_read_in_full(text: str, phrase: Phrase) -> None:
    assert find_phrase(text) == phrase


@pytest.mark.parametrize(
    "text",
    [
        "要不要公开回应?",
        "网友说不公开",
        "发布会什么时候开",
        "仍报审",
        "照批示办",
        "照批示办 001 第2号吧",
        "同意",
        "请住建局代为核实",
        "007 拟回复: 不需公开回应的部分已说明",
        "007 拉群众代表到现场",
        "007 群里说已经处理了",
        "要不要建群",
        "",
    ],
)
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert find_phrase(text) is None


@pytest.mark.parametrize(
    ("said", "kind", "case", "rest"),
    [
        ("无", PhraseKind.NOTHING_NEW, "", ""),
        ("暂时没有新情况。", PhraseKind.NOTHING_NEW, "", ""),
        ("1120-001 没有", PhraseKind.NOTHING_NEW, "1120-001", ""),
        ("又有新情况, 家长再发帖", PhraseKind.SOMETHING_NEW, "", "家长再发帖"),
        ("001 跟踪有新情况", PhraseKind.SOMETHING_NEW, "001", ""),
    ],
)
def test_an_answer_is_as_short_as_people_are(
    said: str, kind: PhraseKind, case: str, rest: str
) -> None:
    assert find_answer(said) == Phrase(kind, case, rest)


@pytest.mark.parametrize("said", ["没有水", "有没有新情况", "无法联系", "有情况"])
def test_what_only_begins_like_an_answer_is_none(said: str) -> None:
    assert find_answer(said) is None
