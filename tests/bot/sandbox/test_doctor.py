"""The doctor's checks of the line, against the sandbox; and the command with all of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.checkup import platform
from bot.checkup.everything import Facts, findings_of
from bot.checkup.finding import Finding, Verdict
from bot.clocks import Clocks
from bot.command_line.doctor import Surgery, add_commands
from bot.service import Line
from bot.wecom.client import Account, WeComClient
from bot.wecom.crypto import CallbackKeys, Keyring
from cases.holidays import NO_OVERRIDES
from cases.messages import EventInfo, Heard, HeardKind
from cases.people import Person, Role
from handlers.hear import Hearing
from handlers.people_events import PROBE_KEY, last_received
from storage.database import Database
from tests.bot.sandbox.playground import AES_KEY, CORPID, ROBOT, SECRET, TOKEN, Playground, host
from tests.support.office import Office, to

KEYS = CallbackKeys(TOKEN, AES_KEY, CORPID)
DUTY = Person("zhangsan", "张三", frozenset({Role.DUTY_OFFICER}), phone="1")
LIAISON = Person("lisi", "李四", frozenset({Role.LIAISON}))
UNLICENSED = Person("zhaoliu", "赵六", frozenset({Role.ADMINISTRATOR}))
GONE = Person("gone", "走了", frozenset({Role.INFORMANT}))


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def line(sqlite_database: Database, city: Playground) -> Iterator[platform.Reached]:
    robots = {"住建群": ROBOT, "没了的群": "k"}
    account = Account(CORPID, SECRET, "1000002", f"{city.url}/cgi-bin")
    client = WeComClient(account, database=sqlite_database, clock=now, robots=robots)
    yield platform.Reached(
        client=client,
        agent_id=1000002,
        keyring=Keyring([KEYS]),
        address="",
        robots=tuple(robots),
        people=(DUTY, LIAISON),
        now=now(),
    )
    city.control("faults", rules=[])
    client.close()


def found(findings: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(one.name, one.verdict.value) for one in findings]


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(0, "ok"), (60, "warn"), (-60, "warn"), (400, "bad")]
)
def test_the_clock_is_compared_with_the_platforms(
    line: platform.Reached, seconds: int, verdict: str
) -> None:
    shifted = replace(line, now=now() + timedelta(seconds=seconds))
    assert found(platform.clock(shifted)) == [("连通", "ok"), ("时钟", verdict)]


def test_g04_token_and_trusted_address_are_told_apart(
    line: platform.Reached, city: Playground
) -> None:
    assert found(platform.token(line)) == [("凭证", "ok"), ("可信 IP", "ok")]
    city.fault("errcode:60020", match="getcallbackip")
    (refused,) = platform.token(line)
    assert (refused.name, refused.verdict) == ("可信 IP", Verdict.BAD)
    assert "企业可信IP" in refused.fix
    city.fault("http500", match="getcallbackip")
    (unanswered,) = platform.token(line)
    assert (unanswered.name, unanswered.fix) == ("凭证", "检查网络后再运行一次")


def test_everybody_must_be_visible_and_key_people_above_all(
    line: platform.Reached, city: Playground
) -> None:
    assert found(platform.visible(line)) == [("可见范围", "ok")]
    leader = replace(GONE, roles=frozenset({Role.CHIEF_LEADER}))
    some = replace(line, people=(DUTY, GONE, leader))
    assert found(platform.visible(some)) == [("可见范围", "warn"), ("可见范围", "bad")]
    city.fault("errcode:48002", match="department/list")
    (refused,) = platform.visible(line)
    assert refused.verdict is Verdict.BAD


def test_the_callback_answers_a_signed_question(line: platform.Reached, city: Playground) -> None:
    assert found(platform.callback(line)) == [("回调", "warn")]
    service = f"{host('service').url}/callback"
    assert found(platform.callback(replace(line, address=service))) == [("回调", "ok")]
    wrong = replace(line, address=f"{city.url}/sandbox/state")
    assert found(platform.callback(wrong)) == [("回调", "bad")]
    nobody = replace(line, address="http://127.0.0.1:9/callback")
    (unheard,) = platform.callback(nobody)
    assert "没有应答 (连不上（ConnectError）)" in unheard.what


def test_robots_are_tried_without_a_word(line: platform.Reached, city: Playground) -> None:
    before = len(city.seen_by("lisi"))
    assert found(platform.robots(line, sends=False)) == [
        ("群机器人 住建群", "ok"),
        ("群机器人 没了的群", "bad"),
    ]
    assert len(city.seen_by("lisi")) == before
    assert found(platform.robots(line, sends=True))[0] == ("群机器人 住建群", "ok")
    assert "督办自检" in str(city.seen_by("lisi")[-1])


def test_key_people_get_a_card_and_who_cannot_is_named(
    line: platform.Reached, city: Playground
) -> None:
    some = replace(line, people=(DUTY, GONE, UNLICENSED))
    assert found(platform.key_people(some, "run1")) == [("收信 张三", "ok"), ("收信 赵六", "bad")]
    assert "我能收到吗" in str(city.seen_by("zhangsan")[-1])
    leader = replace(GONE, roles=frozenset({Role.CHIEF_LEADER}))
    (refused,) = platform.key_people(replace(line, people=(leader,)), "run2")
    assert "81013" in refused.what


def test_whoever_presses_the_button_is_answered_and_remembered(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    heard = Heard(
        key="app:press",
        channel="app",
        agent_id="1000002",
        sender="liuyang",
        kind=HeardKind.EVENT,
        sent_at=office.now,
        event=EventInfo("template_card_event", key=PROBE_KEY),
    )
    hearing = Hearing(office.desk)
    office.database.run(lambda work: hearing(work, heard, office.now))
    assert "您能收到督办的消息" in to("liuyang", office.leaving())
    with office.database.read() as work:
        assert last_received(work, "liuyang") == office.now.isoformat()
        assert last_received(work, "heqing") == ""


def facts_of(database: Database, url: str, folder: Path) -> Facts:
    line = Line(
        account=Account(CORPID, SECRET, "1000002", f"{url}/cgi-bin"),
        keys=KEYS,
        robots={"住建群": ROBOT},
        spool=folder,
        host="127.0.0.1",
        port=1,
    )
    return Facts(
        database=database,
        line=line,
        clocks=Clocks(engine=now, door=now, real=now),
        base_url="",
        days_off=NO_OVERRIDES,
        folders={"救生艇": folder / "spool"},
        warnings=("Secret 取自环境变量",),
    )


def doctor(facts: Facts, *arguments: str) -> tuple[int, str]:
    @contextmanager
    def opened(_config: Path) -> Iterator[Surgery]:
        yield Surgery(facts.database, now, partial(findings_of, facts))

    app = typer.Typer()
    app.callback()(lambda: None)
    add_commands(app, opened)
    result = CliRunner().invoke(app, ["doctor", *arguments])
    return result.exit_code, result.output


def test_the_command_says_what_why_and_how_and_its_status_counts(
    sqlite_database: Database, city: Playground, tmp_path: Path
) -> None:
    facts = facts_of(sqlite_database, city.url, tmp_path)
    with sqlite_database.work() as work:
        for person in (DUTY, UNLICENSED):
            work.people.upsert_person(person)
        work.settings.put("doctor.received.zhangsan", now().isoformat())
    assert doctor(facts, "--record", "v3=yes", "--record", "V4=按字节")[0] == 0
    status, said = doctor(facts)
    assert status == 1
    assert "！ 配置: Secret 取自环境变量" in said
    assert "✗ 名录: 没有人是舆情办主任\n    为什么要紧: " in said
    assert "✓ 平台 V3" in said
    assert "✓ 已按按钮: 张三" in said
    listed = json.loads(doctor(facts, "--json", "--send")[1])
    assert {"name", "verdict", "what", "why", "fix"} == set(listed[0])
    assert [one["verdict"] for one in listed if one["name"] == "收信 赵六"] == ["bad"]


@pytest.mark.parametrize(
    ("written", "why"), [("V3", "应写成 V3=yes"), ("V3=", "应写成"), ("V99=1", "没有问题 V99")]
)
def test_an_answer_that_cannot_be_recorded_is_refused(
    sqlite_database: Database, tmp_path: Path, written: str, why: str
) -> None:
    status, said = doctor(facts_of(sqlite_database, "http://x", tmp_path), "--record", written)
    assert status == 2
    assert why in said


def test_without_platform_or_tables_it_says_so_and_stops(
    sqlite_database: Database, tmp_path: Path
) -> None:
    unreached = facts_of(sqlite_database, "http://127.0.0.1:9", tmp_path)
    names = [one.name for one in findings_of(replace(unreached, warnings=()), sends=False)]
    assert names.count("连通") == 1
    assert "凭证" not in names
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    assert [one.name for one in findings_of(replace(unreached, database=empty), sends=False)][
        -1
    ] == "数据库结构"
    empty.close()
    (tmp_path / "folder").mkdir()
    broken = Database(f"sqlite:///{tmp_path}/folder")
    last = list(findings_of(replace(unreached, database=broken), sends=False))[-1]
    assert (last.name, last.verdict) == ("数据库", Verdict.BAD)
    broken.close()
