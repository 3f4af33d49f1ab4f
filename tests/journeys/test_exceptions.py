"""Every exception of the procedure is told as a chat; the list of them is kept here by hand."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.exceptions import leaders, office, people, units
from tests.journeys.exceptions.told import TOLD
from tests.support.beginnings import Beginnings
from tests.support.chat import Chat
from tests.support.town import Servers

HOME = Path(__file__).parents[2]
PAPER = HOME / "docs" / "evidence" / "exceptions.md"
# The exceptions of the procedure, then what people do to it beside the procedure.
EXCEPTIONS = (
    *("退回后转办", "退回不成立", "转办", "加协办"),
    *("延期", "延期过期", "延期由领导批"),
    *("升级", "降级", "合并", "拆分", "撤回", "交办后撤回"),
    *(
        "反弹重开",
        "逾期反弹另立",
        "挂牌督办",
        "解除督办",
        "督办撤销",
        "会商",
        "不予受理",
        "终止响应",
    ),
    *("核实三种结果", "退稿重报", "原则同意", "圈阅"),
    *("一人审批", "任一审批", "全部审批", "依次审批", "代签", "领导不答"),
    *("批示", "阅示", "集中来件清单", "转给科室", "撤销误操作", "单位不回音"),
    *("限制知悉", "陌生人", "别的单位", "领导的收到", "人已离开", "发不到人"),
    *("重复答复", "引用和转发", "粘贴的话", "图片材料", "群里说话"),
)


@pytest.fixture(scope="module")
def beginnings(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Beginnings]:
    servers = Servers()
    yield Beginnings(servers, sqlite_template, tmp_path_factory.mktemp("openings"))
    servers.leave()


def _nothing(_chat: Chat) -> None:
    """A journey that begins with nothing."""


@pytest.fixture
def chat(beginnings: Beginnings, tmp_path: Path) -> Iterator[Chat]:
    with beginnings.chat(_nothing, tmp_path) as begun:
        yield begun


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_the_exception_goes_as_the_chat_says(
    beginnings: Beginnings, tmp_path: Path, exception: str
) -> None:
    journey = TOLD[exception]
    with beginnings.chat(journey, tmp_path) as chat:
        journey(chat)
        assert chat.is_over, "it ends with nothing_more()"


def test_every_journey_is_in_the_list_and_no_name_stands_for_two() -> None:
    told = {
        journey
        for room in (leaders, office, people, units)
        for _, journey in inspect.getmembers(room, inspect.isfunction)
        if "nothing_more(" in inspect.getsource(journey)
    }
    assert sorted(TOLD) == sorted(EXCEPTIONS)
    assert len(EXCEPTIONS) == len(set(EXCEPTIONS))
    assert set(TOLD.values()) == told
    assert len(set(TOLD.values())) == len(TOLD)


def test_the_paper_shows_every_exception() -> None:
    headings = [
        line for line in PAPER.read_text(encoding="utf-8").splitlines() if line[:3] == "## "
    ]
    assert headings == [f"## {exception}" for exception in EXCEPTIONS]


class TestTheJudge:
    """What a chat would say of a product that does wrong."""

    def test_a_message_nobody_named_is_extra(self, chat: Chat) -> None:
        chat.says("路人", "收到")
        with pytest.raises(AssertionError, match="nobody expected"):
            chat.says("路人", "收到")

    def test_a_message_that_does_not_come_is_missed(self, chat: Chat) -> None:
        chat.says("路人", "收到")
        with pytest.raises(AssertionError, match="孙磊 does not see"):
            chat.sees("孙磊", "收到")

    def test_a_row_that_is_not_seen_and_one_without_a_reason_are_found(self, chat: Chat) -> None:
        chat.says("路人", "收到")
        chat.answered("还没有登记")
        chat.nothing_more()
        chat.town.change("UPDATE outbox SET reason = 'answer'")
        with pytest.raises(AssertionError, match="answer"):
            chat.nothing_more()
        chat.town.change("UPDATE outbox SET reason = '答复', payload_sha = 'x'")
        with pytest.raises(AssertionError, match="sent, not seen"):
            chat.nothing_more()
