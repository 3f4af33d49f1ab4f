"""The intelligent robot end to end: said in the sandbox, done by the service, seen by people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.support.edge import Server, served
from tests.support.robot_city import City, robot_city

LINK = "https://www.toutiao.com/article/7249559687354974759/"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    with served(running) as running.port:
        yield running


@pytest.fixture
def city(sqlite_database: Database, tmp_path: Path, server: Server) -> Iterator[City]:
    with robot_city(sqlite_database, tmp_path, server) as running:
        yield running


@pytest.fixture
def wired(sqlite_database: Database, tmp_path: Path, server: Server) -> Iterator[City]:
    """The same over the long connection, as an institution without a public address has it."""
    with robot_city(sqlite_database, tmp_path, server, socket=True) as running:
        running.line.turn()
        assert running.line.is_connected
        yield running


@pytest.fixture(params=["callback", "socket"])
def either(request: pytest.FixtureRequest) -> City:
    found: City = request.getfixturevalue({"callback": "city", "socket": "wired"}[request.param])
    return found


def test_a_group_registers_signs_and_approves_by_naming_the_robot(either: City) -> None:
    city = either
    city.says("wangxiaoyu", f"@督办助手 青禾路积水多日无人管 {LINK}", group=True)
    city.says("sunlei", "@督办助手 定二级,交城管局", group=True)
    city.says("liuyang", "@督办助手 收到", group=True)
    city.says("liuyang", "@督办助手 001 已办结,已疏通", group=True)
    city.says("sunlei", "@督办助手 001 不需公开回应,已当面答复反映人", group=True)
    city.says("zhouguohua", "同意 @督办助手", group=True)
    said = [text.partition("\n")[0].partition("。")[0] for text in city.by_robot("tangbo")]
    assert said == [
        "<@wangxiaoyu> 已登记 001《青禾路积水多日无人管》",
        "<@sunlei> 001 已定二级",
        "<@liuyang> 已签收 001",
        "<@liuyang> 001 已申请办结",
        said[4],  # who decides about a public answer is the rulebook's business
        "<@zhouguohua> 已同意, 001 办结, 已告知报告人和责任单位",
    ]
    assert {state for _, state, _, _ in city.outbox()} == {"sent"}
    assert city.alarms() == []
