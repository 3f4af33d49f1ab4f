"""Vendors report over HTTP: by key, once for each id, nothing about who posted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.api.reports import MOST_BYTES, build_reports_api, description
from bot.source_keys import SourceKeys
from handlers.admin.doors import Configured, sources
from handlers.intake_import import take
from storage.database import Database
from storage.errors import Unavailable
from tests.support.office import Office, to

KEY, OTHER = "k" * 32, "o" * 32
WEIBO = "https://weibo.com/1234567890/P0w7ex6A3"
REPORT: dict[str, object] = {
    "id": "v-1",
    "title": "三中食堂饭菜里吃出虫子",
    "summary": "家长发帖, 电话13812345678",
    "url": WEIBO,
    "platform": "微博",
    "metrics": {"reposts": 86, "comments": 41},
    "posted_at": "2026-11-20T08:12:00+08:00",
    "units": ["教体局"],
}


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


@pytest.fixture
def vendor(office: Office) -> Iterator[TestClient]:
    with door(office) as client:
        yield client


def door(office: Office) -> TestClient:
    router = build_reports_api(
        office.database.run,
        keys=SourceKeys(office.database, {"城市监测": KEY, "另一家": OTHER}),
        take=lambda work, imported, now: take(work, office.desk, imported, now),
        clock=lambda: office.now,
    )
    pages = FastAPI(openapi_url=None)
    pages.include_router(router)
    return TestClient(pages, headers={"Authorization": f"Bearer {KEY}"})


def test_a_report_goes_the_same_way_as_in_chat(office: Office, vendor: TestClient) -> None:
    answer = vendor.post("/api/reports", json=REPORT)
    assert answer.status_code == 201
    assert answer.json() == {
        "number": "YQ-20261120-001",
        "is_repeat": False,
        "place": 1,
        "dropped": [],
    }
    case = office.case()
    assert (case.title, case.platform, case.reporters) == (
        REPORT["title"],
        "微博",
        ("导入:城市监测",),
    )
    assert case.proposal.lead == "jiaoti"
    assert "138****5678" in case.summary
    told = office.leaving()
    assert "【待定级】001" in to("sunlei", told)
    assert {one.to for one in told} == {"sunlei", "zhaomin"}
    with office.database.read() as work:
        assert work.alarms.sounding() == []
        assert {m.name: m.value for m in work.cases.metrics(case.id)} == {
            "reposts": 86.0,
            "comments": 41.0,
        }


def test_the_same_id_again_does_nothing(database: Database) -> None:
    office = Office(database)
    vendor = door(office)
    vendor.post("/api/reports", json=REPORT)
    version = office.case().version
    again = vendor.post("/api/reports", json=REPORT | {"title": "别的标题"})
    assert (again.status_code, again.json()["is_repeat"]) == (200, True)
    assert office.case().version == version
    with office.database.read() as work:
        assert len(work.cases.reports(office.case().id)) == 1


def test_the_same_id_of_another_vendor_is_another_report_of_the_same_case(
    office: Office, vendor: TestClient
) -> None:
    vendor.post("/api/reports", json=REPORT)
    other = vendor.post("/api/reports", json=REPORT, headers={"Authorization": f"Bearer {OTHER}"})
    assert (other.status_code, other.json()["place"]) == (201, 2)
    assert office.case().reporters == ("导入:城市监测", "导入:另一家")
    assert "已并入 001" in to("lihang", office.says("lihang", WEIBO))


PROFILE = {
    "author": "小北不吃辣",
    "author_id": "1234567890",
    "fans": 1200,
    "ip_location": "云溪",
    "gender": "女",
}


def test_g09_who_posted_it_is_dropped_at_the_door(office: Office, vendor: TestClient) -> None:
    body = REPORT | PROFILE | {"metrics": {"reposts": 86, "followers": 99999}}
    answer = vendor.post("/api/reports", json=body)
    assert answer.status_code == 201
    assert answer.json()["dropped"] == [*PROFILE, "metrics.followers"]
    kept = "".join(path.read_bytes().decode("latin-1") for path in _files(office))
    for value in ("小北不吃辣", "99999"):
        assert value.encode().decode("latin-1") not in kept


def _files(office: Office) -> list[Path]:
    place = Path(office.database.url.removeprefix("sqlite:///"))
    return list(place.parent.glob("duban.db*"))


@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Bearer wrong", f"Basic {KEY}", f"Bearer {KEY}x", "Bearer 密"]
)
def test_without_its_key_nobody_learns_or_leaves_anything(
    office: Office, vendor: TestClient, header: str
) -> None:
    headers = {b"Authorization": header.encode()}
    assert vendor.post("/api/reports", json=REPORT, headers=headers).status_code == 401
    assert vendor.get("/api/reports/openapi.json", headers=headers).status_code == 401
    with office.database.read() as work:
        assert work.cases.find_open() == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"id": None}, "id"),
        ({"title": ["x"]}, "title"),
        ({"title": "长" * 301}, "title"),
        ({"metrics": {"reposts": -1}}, "metrics.reposts"),
        ({"metrics": {"reposts": "86"}}, "metrics.reposts"),
        ({"posted_at": "昨天"}, "posted_at"),
        ({"posted_at": "2026-11-20T08:12:00"}, "posted_at"),
        ({"related": [WEIBO] * 10}, "related"),
    ],
)
def test_a_wrong_field_is_named(vendor: TestClient, change: dict[str, object], field: str) -> None:
    answer = vendor.post("/api/reports", json=REPORT | change)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["field"] == field


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"id": "v"}, "没看到链接或具体情况"),
        ({"id": "v", "title": "甲", "url": "不是链接"}, "看不懂的链接"),
        ({"id": "v", "title": "绝密★文件"}, "涉密"),
    ],
)
def test_what_cannot_be_registered_is_refused_in_words(
    office: Office, vendor: TestClient, body: dict[str, object], why: str
) -> None:
    answer = vendor.post("/api/reports", json=body)
    assert answer.status_code == 422
    assert why in answer.json()["detail"]
    with office.database.read() as work:
        assert work.cases.find_open() == ()
        assert work.intake.case_of("城市监测", "v") is None


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null", b'"x"', b"[" * 5000])
def test_what_is_no_object_is_refused(vendor: TestClient, body: bytes) -> None:
    assert vendor.post("/api/reports", content=body).status_code == 422


@pytest.mark.parametrize(("over", "status"), [(0, 201), (1, 413)])
def test_sixty_four_kilobytes_are_the_most(vendor: TestClient, over: int, status: int) -> None:
    body = json.dumps(REPORT).encode()
    body += b" " * (MOST_BYTES + over - len(body))
    assert vendor.post("/api/reports", content=body).status_code == status


def test_a_vendor_that_floods_is_told_when_to_try_again(office: Office, vendor: TestClient) -> None:
    with office.database.work() as work:
        for _ in range(119):
            work.budgets.take("source:城市监测", 120, 60, office.now)
    assert vendor.post("/api/reports", json=REPORT).status_code == 201
    answer = vendor.post("/api/reports", json=REPORT | {"id": "v-2"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 80


def test_its_description_is_the_one_in_the_documents(vendor: TestClient) -> None:
    described = vendor.get("/api/reports/openapi.json").json()
    assert described == description()
    document = Path(__file__).parents[3] / "docs" / "api-reports.json"
    assert json.loads(document.read_text(encoding="utf-8")) == described
    fields = described["paths"]["/api/reports"]["post"]["requestBody"]["content"]
    assert "author" not in fields["application/json"]["schema"]["properties"]


def test_while_the_database_is_away_the_vendor_is_asked_to_come_again() -> None:
    def run(_act: object) -> None:
        raise Unavailable("away")

    router = build_reports_api(
        run,  # type: ignore[arg-type]
        keys=SourceKeys(None, {"城市监测": KEY}),  # type: ignore[arg-type]
        take=lambda *_: None,  # type: ignore[arg-type]
        clock=lambda: None,  # type: ignore[arg-type,return-value]
    )
    pages = FastAPI()
    pages.include_router(router)
    with TestClient(pages, headers={"Authorization": f"Bearer {KEY}"}) as client:
        assert client.post("/api/reports", json=REPORT).status_code == 503


def test_a_key_given_on_the_pages_works_at_once_until_it_is_taken_back(office: Office) -> None:
    with office.database.work() as work:
        number = work.source_keys.issue("城市监测二", "k" * 43, by="admin", now=office.now)
    with door(office) as client:
        headers = {"Authorization": f"Bearer {'k' * 43}"}
        assert client.post("/api/reports", json=REPORT, headers=headers).status_code == 201
        with office.database.work() as work:
            assert work.source_keys.all()[0].last_used_at == office.now
            assert work.source_keys.revoke(number, "admin", office.now)
            assert not work.source_keys.revoke(number, "admin", office.now)
        assert client.post("/api/reports", json=REPORT, headers=headers).status_code == 401
        basic = {"Authorization": f"Basic {KEY}"}
        assert client.post("/api/reports", json=REPORT, headers=basic).status_code == 401


def test_when_a_source_of_the_configuration_reported_last_is_noted(office: Office) -> None:
    configured = Configured(sources=("城市监测",))
    with office.database.read() as work:
        assert sources(work, configured, office.now)[0].last == "还没用过"
    with door(office) as client:
        assert client.post("/api/reports", json=REPORT).status_code == 201
    with office.database.read() as work:
        assert sources(work, configured, office.now)[0].last == "10:00"
