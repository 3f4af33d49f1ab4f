"""What a vendor's program may send by mistake or malice: an answer in words, never a 5xx."""

import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.api.reports import build_reports_api
from bot.source_keys import SourceKeys
from handlers.intake_import import take
from storage.database import Database
from tests.support.hostile import HOSTILE
from tests.support.office import Office

KEY = "k" * 32
GOOD: dict[str, object] = {"id": "v-1", "title": "三中食堂饭菜里吃出虫子", "platform": "微博"}
REFUSED_RAW = [
    pytest.param(b"[" * 100_000 + b"]" * 100_000, id="nested lists"),
    pytest.param(b'{"id":"1","x":' + b'{"a":' * 9_000 + b"1" + b"}" * 9_001, id="nested objects"),
    pytest.param(b'{"id": "1", "title": "\\ud800"}', id="half a character"),
    pytest.param(b'{"id": "1", "title": "\xff"}', id="not UTF-8"),
    pytest.param(b'{"id": "1", "metrics": {"reads": 1e999}}', id="without end"),
    pytest.param(b'{"id": "1", "metrics": {"reads": NaN}}', id="not a number"),
    pytest.param(b'{"id": "1", "metrics": {"reads": ' + b"9" * 5000 + b"}}", id="5000 digits"),
    pytest.param(b'{"id": "1", "metrics": {"reads": 9223372036854775808}}', id="beyond 64 bits"),
    pytest.param(b'{"id": "1", "posted_at": "0001-01-01T00:00:00+08:00"}', id="before all days"),
    pytest.param(b'{"id": "1", "posted_at": "9999-12-31T23:59:59-08:00"}', id="after all days"),
    pytest.param(b"", id="nothing"),
    pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
    pytest.param('{"id": "1"}'.encode("utf-16"), id="UTF-16"),
    pytest.param(b'"id"', id="a word"),
]


@pytest.fixture
def vendor(database: Database) -> Iterator[TestClient]:
    office = Office(database)
    router = build_reports_api(
        database.run,
        keys=SourceKeys(database, {"城市监测": KEY}),
        take=lambda work, imported, now: take(work, office.desk, imported, now),
        clock=lambda: office.now,
    )
    pages = FastAPI(openapi_url=None)
    pages.include_router(router)
    with TestClient(
        pages, headers={"Authorization": f"Bearer {KEY}"}, raise_server_exceptions=False
    ) as client:
        yield client


@pytest.mark.parametrize("raw", REFUSED_RAW)
def test_b13_json_that_parsers_disagree_about_is_refused(vendor: TestClient, raw: bytes) -> None:
    answer = vendor.post("/api/reports", content=raw)
    assert answer.status_code in (413, 422), answer.text


def test_b13_what_can_be_read_is_registered_without_what_nobody_types(vendor: TestClient) -> None:
    """NUL, half characters and ANSI sequences do not reach a database that would refuse them."""
    odd = "青禾路\x00积水\x1b[31m\u202e"
    given = GOOD | {"title": odd, "summary": odd, "platform": odd, "units": [odd], "media": odd}
    answer = vendor.post("/api/reports", json=given | {"id": odd, "appeal": odd, "url": odd})
    assert answer.status_code in (201, 422), answer.text
    answer = vendor.post("/api/reports", json=given)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("field", ["title", "summary", "platform", "media", "appeal", "url", "id"])
def test_every_hostile_word_in_every_field_has_an_answer(vendor: TestClient, field: str) -> None:
    for nth, words in enumerate(HOSTILE):
        given = GOOD | {"id": f"{field}-{nth}", field: words}
        raw = json.dumps(given).encode()
        assert vendor.post("/api/reports", content=raw).status_code in (200, 201, 422), words


def test_b13_of_doubled_keys_the_last_counts_and_the_answer_shows_it(vendor: TestClient) -> None:
    raw = '{"id":"1","id":"2","title":"停水","title":"青禾路停水","platform":"微博"}'.encode()
    assert vendor.post("/api/reports", content=raw).status_code == 201
    assert vendor.post("/api/reports", json=GOOD | {"id": "2"}).json()["is_repeat"] is True


@pytest.mark.parametrize(
    "key", ["", "Bearer", "Bearer ", "Basic a", f"Bearer {KEY}x", "Bearer \xff"]
)
def test_without_its_key_the_answer_is_one(vendor: TestClient, key: str) -> None:
    answer = vendor.post(
        "/api/reports", content=b"x", headers={b"Authorization": key.encode("latin-1")}
    )
    assert (answer.status_code, answer.json()) == (401, {"detail": "密钥不对"})
