"""clocks.toml: what ships is read, and every fault is named at once, with what would do."""

from pathlib import Path

import pytest

from cases.amounts import Amount, Unit
from config.checking import SettingsError
from config.rulebook_clocks import (
    SHIPPED,
    load_clocks,
    load_shipped_clocks,
    parse_amount,
    read_clocks,
    shipped_clock_names,
)

CITY = (SHIPPED / "city3" / "clocks.toml").read_text(encoding="utf-8")


def faults_of(text: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        read_clocks("试", text)
    return [fault.removeprefix("试/clocks.toml: ") for fault in raised.value.faults]


def changed(old: str, new: str) -> str:
    assert old in CITY
    return CITY.replace(old, new, 1)


def test_seven_rulebooks_ship() -> None:
    names = ("agency2", "city3", "county4", "dept3", "hospital3", "listed2", "school3", "score5")
    assert shipped_clock_names() == names
    assert [load_shipped_clocks(name).name for name in shipped_clock_names()] == list(
        shipped_clock_names()
    )


def test_a_rulebook_that_does_not_ship_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_shipped_clocks("../city3")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("15 分钟", Amount(Unit.MINUTES, 15)),
        ("15分钟", Amount(Unit.MINUTES, 15)),
        ("\u3000\uff11\uff15 分钟 ", Amount(Unit.MINUTES, 15)),
        ("4 小时", Amount(Unit.MINUTES, 240)),
        ("2 个工作小时", Amount(Unit.WORKING_MINUTES, 120)),
        ("30 工作分钟", Amount(Unit.WORKING_MINUTES, 30)),
        ("5 个工作日", Amount(Unit.WORKING_DAYS, 5)),
        ("15 天", Amount(Unit.DAYS, 15)),
        ("15 自然日", Amount(Unit.DAYS, 15)),
        ("当日", Amount(Unit.SAME_DAY)),
        ("日报", Amount(Unit.DAILY)),
        ("周报", Amount(Unit.WEEKLY)),
        ("不定时", Amount(Unit.NONE)),
        ("100000 分钟", Amount(Unit.MINUTES, 100_000)),
        ("100001 分钟", None),
        ("0 分钟", None),
        ("1 分钟", Amount(Unit.MINUTES, 1)),
        ("-5 分钟", None),
        ("5", None),
        ("分钟", None),
        ("五分钟", None),
        ("5 weeks", None),
        ("", None),
    ],
)
def test_an_amount_is_written_as_officers_write_it(text: str, amount: Amount | None) -> None:
    assert parse_amount(text) == amount


FAULTS = [
    ('work = ["08:30-12:00", "14:00-17:30"]', "work = []", "至少要有一个工作时段"),
    ('"08:30-12:00"', '"08:30"', "work 里「08:30」应如 08:30-12:00"),
    ('"08:30-12:00"', '"12:00-08:30"', "work 里「12:00-08:30」应如 08:30-12:00"),
    ('"08:30-12:00"', '"08:30-25:00"', "work 里「08:30-25:00」应如 08:30-12:00"),
    ('"08:30-12:00"', '"08:30-14:30"', "按先后排列, 互不重叠"),
    ('quiet = "22:00-08:30"', 'quiet = "22-8"', "quiet「22-8」应如 22:00-08:30"),
    ("row = 1\n", "row = 5\n", "[level.一级] 的 row 应在 0 到 4 之间"),
    ("row = 1\n", "row = -1\n", "[level.一级] 的 row 应在 0 到 4 之间"),
    ('within = "15 分钟"', 'within = "15 分"', "[level.一级.签收] 的 within「15 分」看不懂"),
    ('"签收" = { within', '"签受" = { within', "[level.一级] 里不认识 签受"),
    ('"签收" = { within', '"签受" = { within', "缺少 [level.一级.签收] 一节"),
    ('from = "交办"', 'from = "交班"', "可选: 登记 报请 交办 上次报告 签发"),
    ('ladder = "签收15分钟"', 'ladder = "没有"', "ladder「没有」不存在, 可选:"),
    ('", provisional = true', '", provisional = 1', "provisional 应为 true 或 false"),
    ('later = "日报"', 'later = "旬报"', "later「旬报」看不懂"),
    ('"咨询" = "2 工作日"', '"咨询" = "两天"', "的 咨询「两天」看不懂"),
    ('before = ["5 分钟"]', 'before = ["30 分钟"]', "提前提醒早于起算时刻"),
    ('before = ["5 分钟"]', 'before = ["1 分钟", "5 分钟"]', "由早到晚排列"),
    ('before = ["5 分钟"]', 'before = ["1 工作日"]', "before「1 工作日」应如"),
    ('before = ["5 分钟"]', 'before = ["5 工作分钟"]', "混用了自然时间和工作时间"),
    ('repeat = "5 分钟"\ntimes = 2', 'repeat = "x"\ntimes = 2', "repeat「x」应如"),
    ('repeat = "5 分钟"\ntimes = 2', 'repeat = "5 分钟"\ntimes = 13', "times 应在 0 到 12 之间"),
    ('to = "值班员"', 'to = "门卫"', "to「门卫」不认识, 可选: 联络员"),
    ('"15 分钟: 副职"', '"10 分钟: 副职"', "两级提醒在同一时刻"),
    ('"15 分钟: 副职"', '"22 分钟: 副职"', "应按时间先后排列"),
    ('"15 分钟: 副职"', '"15 分钟: 付职"', "climb「15 分钟: 付职」里的「付职」不认识"),
    ('"15 分钟: 副职"', '"15 分钟: 分管领导"', "同一个人出现了两次"),
    ('"15 分钟: 副职"', '"副职"', "climb「副职」应如"),
    ("[time]", "[time]\nnight = 1", "里不认识 night"),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_a_fault_is_named_in_words(old: str, new: str, said: str) -> None:
    assert any(said in fault for fault in faults_of(changed(old, new)))


def test_every_fault_is_named_at_once() -> None:
    text = changed('quiet = "22:00-08:30"', 'quiet = "夜里"')
    text = text.replace("row = 1\n", "row = 9\n").replace('to = "值班员"', 'to = "门卫"', 1)
    assert len(faults_of(text)) == 3


def test_a_rulebook_without_levels_is_a_fault() -> None:
    head = CITY[: CITY.index("[level.")]
    assert any("至少要有一个等级" in fault for fault in faults_of(head + "[ladder]\n[level]\n"))


def test_text_that_is_no_toml_is_a_fault() -> None:
    assert "不是有效的 TOML" in faults_of("[time")[0]


def test_repeats_may_be_left_out() -> None:
    rules = read_clocks("试", changed('repeat = "5 分钟"\ntimes = 2\n', ""))
    assert rules.ladders[0].repeat_times == 0


def test_a_folder_without_clocks_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="找不到文件"):
        load_clocks(tmp_path)


def test_clocks_that_cannot_be_read_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "clocks.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="读不了文件"):
        load_clocks(tmp_path)
