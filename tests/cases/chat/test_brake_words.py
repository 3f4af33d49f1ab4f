"""What is said to hold messages in an emergency; and what only sounds like it."""

import pytest

from cases.chat.brake_words import BrakeDeed, BrakeKind, BrakeWish, brake_wish

PULL = BrakeDeed.PULL


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("暂停发送", BrakeWish(PULL)),
        ("请立即暂停全部发送!", BrakeWish(PULL)),
        ("马上停止所有消息推送", BrakeWish(PULL)),
        ("先暂停对外发送。", BrakeWish(PULL)),
        ("紧急暂停", BrakeWish(PULL)),
        ("刹车!", BrakeWish(PULL)),
        ("暂停提醒发送", BrakeWish(PULL, kind=BrakeKind.REMINDER)),
        ("暂停所有催办推送", BrakeWish(PULL, kind=BrakeKind.REMINDER)),
        ("停止播报的推送", BrakeWish(PULL, kind=BrakeKind.DIGEST)),
        ("停掉通知消息发送", BrakeWish(PULL, kind=BrakeKind.NOTICE)),
        ("暂停升级提醒的发送", BrakeWish(PULL, kind=BrakeKind.ESCALATION)),
        ("暂停给城管局的发送", BrakeWish(PULL, unit="城管局")),
        ("暂停市城管局消息推送", BrakeWish(PULL, unit="市城管局")),
        ("恢复发送", BrakeWish(BrakeDeed.ASK)),
        ("可以恢复全部推送了", None),
        ("继续发送。", BrakeWish(BrakeDeed.ASK)),
        ("恢复发送,全部发出", BrakeWish(BrakeDeed.SEND_ALL)),
        ("恢复发送，只发最新", BrakeWish(BrakeDeed.SEND_LATEST)),
        ("恢复发送,作废不发", BrakeWish(BrakeDeed.SEND_NONE)),
        ("恢复发送, 全部发出", BrakeWish(BrakeDeed.SEND_ALL)),
        ("恢复发送 只发最新。", BrakeWish(BrakeDeed.SEND_LATEST)),
        ("暂停情况", BrakeWish(BrakeDeed.SHOW)),
        ("发送暂停了吗?", BrakeWish(BrakeDeed.SHOW)),
        ("007 暂停计时", None),
        ("暂停提醒", None),
        ("暂停", None),
        ("城管局已暂停施工", None),
        ("暂停发布会", None),
        ("恢复计时", None),
        ("请把材料发送给我", None),
        ("恢复供水", None),
        ("", None),
    ],
)
def test_what_is_meant(said: str, wish: BrakeWish | None) -> None:
    assert brake_wish(said) == wish
