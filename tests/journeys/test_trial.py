"""试运行 told as a chat: all is computed, the office alone hears it, going live is no burst."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.gateway import Sent
from bot.trial_mark import TrialMark
from cases.chat.brake_words import BrakeDeed
from handlers import trial
from handlers.brake import Cause, let_go
from handlers.pages.health_strip import health_strip
from handlers.post import Post
from storage.database import Database
from storage.states import Channel, OutboxState
from tests.bot.test_main import folder as folder  # noqa: PLC0414 -- a fixture
from tests.support.office import Office, Told, recipients, to
from tests.support.program import operate

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
EVENING = time(17, 40)
OFFICE = {"sunlei", "zhaomin", "admin"}


def trying(database: Database) -> Office:
    office = Office(database)
    assert office.database.run(lambda work: trial.begin(work, "command", office.now))
    office.passes(minutes=1)
    return office


def evening(office: Office) -> bool:
    return office.database.run(
        lambda work: trial.tell_evening(work, office.desk, EVENING, office.now)
    )


def goes_live(office: Office) -> tuple[trial.Departure, list[Told]]:
    done = office.database.run(
        lambda work: trial.go_live(Post(work, office.desk, office.now), "command")
    )
    return done, office.leaving()


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = trying(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    return office


def test_only_the_office_and_who_types_are_spoken_to(office: Office) -> None:
    told = office.says("sunlei", "定二级,交城管局")
    told += office.passes(hours=5)
    assert set(recipients(told)) <= OFFICE
    assert office.case().lead is not None
    told = office.says("liuyang", "收到 001")
    assert "已签收 001" in to("liuyang", told)
    assert set(recipients(told)) <= OFFICE | {"liuyang"}


def test_it_is_not_begun_twice_and_not_again_by_the_configuration(office: Office) -> None:
    run = office.database.run
    assert not run(lambda work: trial.begin(work, "command", office.now))
    goes_live(office)
    assert not run(lambda work: trial.begin_once(work, office.now))
    assert run(lambda work: trial.begin(work, "command", office.now))


def test_the_evening_list_comes_once_a_day_and_names_each_message(office: Office) -> None:
    office.says("sunlei", "定二级,交城管局")
    office.passes(hours=2)
    assert not evening(office)
    office.passes(hours=5, minutes=39)
    assert evening(office)
    assert not evening(office)
    said = to("sunlei", office.leaving())
    assert "今日本应发出" in said
    assert "刘洋 (市城管局) 001" in said
    assert "市城管局群" in said
    office.passes(hours=24)
    assert evening(office)


def test_a_quiet_day_says_so_because_silence_would_be_an_alarm(sqlite_database: Database) -> None:
    office = trying(sqlite_database)
    office.passes(hours=8)
    assert evening(office)
    assert "没有要发给舆情办以外的人的" in to("sunlei", office.leaving())


def test_what_its_clock_made_needless_is_listed_and_nothing_that_was_sent(office: Office) -> None:
    office.says("sunlei", "定二级,交城管局")
    office.passes(minutes=40)
    office.says("liuyang", "收到 001")
    with office.database.read() as work:
        since = office.now - timedelta(hours=2)
        kinds = {one.kind for one in work.trials.unsaid(since, office.now)}
        held = {one.kind for one in work.trials.waiting()}
    assert kinds - held == {"remind-before", "remind-due", "remind-late-1"}
    assert "answer" not in kinds


def test_going_live_cancels_the_old_tells_each_once_and_clocks_go_on(office: Office) -> None:
    office.says("sunlei", "定二级,交城管局")
    office.passes(minutes=20)
    done, told = goes_live(office)
    assert len(done.unsaid) > 1
    assert recipients(told).count("liuyang") == 1
    assert "贵单位在办 1 件" in to("liuyang", told)
    assert "作废" in to("sunlei", told)
    with office.database.read() as work:
        assert work.outbox.counts(office.now)[OutboxState.NEW] == 0
        assert work.trials.current() is None
    later = office.passes(hours=2)
    assert "liuyang" in recipients(later)


def test_a_leader_who_is_asked_is_told_at_the_end(office: Office) -> None:
    office.says("zhouguohua", "001 定一级")
    told = office.says("sunlei", "001 交城管局")
    assert "wangjianping" not in recipients(told)
    _, told = goes_live(office)
    assert "等您批示的有 1 件" in to("wangjianping", told)


def test_releasing_a_brake_lets_nothing_of_the_trial_leave(office: Office) -> None:
    office.says("sunlei", "暂停发送")
    office.says("sunlei", "定二级,交城管局")
    office.database.run(
        lambda work: let_go(
            Post(work, office.desk, office.now), BrakeDeed.SEND_ALL, Cause("command")
        )
    )
    told = office.leaving()
    assert "liuyang" not in recipients(told)
    assert set(recipients(told)) <= OFFICE


def test_the_health_strip_says_it(office: Office) -> None:
    with office.database.read() as work:
        sign = health_strip(work, office.now)[-1]
    assert (sign.name, "只对舆情办说话" in sign.words) == ("试运行", True)
    goes_live(office)
    with office.database.read() as work:
        assert "试运行" not in [one.name for one in health_strip(work, office.now)]


class Heard:
    """A platform that keeps what it is given."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def send(self, channel: str, recipient: str, payload: str) -> Sent:
        self.bodies.append(f"{channel} {recipient} {payload}")
        return Sent("m1")


def test_every_message_that_leaves_says_so_until_the_trial_ends(office: Office) -> None:
    heard = Heard()
    gate = TrialMark(heard, office.database)
    words = '{"text": {"content": "登记为 007"}}'
    gate.send(Channel.APP, "sunlei", words)
    goes_live(office)
    gate.send(Channel.APP, "sunlei", words)
    assert ["【试运行】登记为 007" in body for body in heard.bodies] == [True, False]


def test_the_commands_begin_list_ask_and_go_live(folder: Path) -> None:
    config = ("--config", str(folder / "duban.toml"))
    assert "没有在试运行" in operate("trial", *config).stdout
    assert "没有在试运行" in operate("go-live", *config).stdout
    assert "已开始试运行" in operate("trial", "--begin", *config).stdout
    assert "已经在试运行" in operate("trial", "--begin", *config).stdout
    assert "最近本应发出 0 条" in operate("trial", *config).stdout
    assert operate("go-live", *config).returncode == 1
    assert "只对舆情办说话" in operate("trial", *config).stdout
    done = operate("go-live", "--yes", *config)
    assert (done.returncode, "已正式运行" in done.stdout) == (0, True)
