"""Every metric is in /metrics and in the docs, every rule names only such; nobody else sees it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from ruamel.yaml import YAML
from starlette.testclient import TestClient

from bot.metrics import METRICS, Watched, build_metrics
from bot.pulse import Pulse, Shore
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from storage.database import Database
from storage.states import BrakeScope
from tests.support.office import Office

HOME = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
RULES = YAML(typ="safe").load((HOME / "config" / "deploy" / "alerts.yaml").read_text("utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
_NAME = re.compile(r"duban_[a-z_]+")
_LOGGED = re.compile(r"getLogger\(__name__\)")


@pytest.fixture
def watched(sqlite_database: Database, tmp_path: Path) -> Iterator[Watched]:
    boat, tally = Lifeboat(tmp_path / "boat"), Tally()
    pulse = Pulse(
        sqlite_database, ring=lambda *_: None, shore=Shore(boat, tally), clock=lambda: NOW
    )
    places = {"spool": tmp_path, "gone": tmp_path / "gone"}
    yield Watched(sqlite_database, pulse, boat, tally, lambda: NOW, places)
    boat.close()


def page(watched: Watched, host: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
    app = FastAPI()
    app.include_router(build_metrics(watched))
    with TestClient(app, client=(host, 5000)) as client:
        answer = client.get("/metrics", headers=headers)
    return answer.status_code, answer.text


def test_every_metric_is_there_and_counts(watched: Watched) -> None:
    office = Office(watched.database, now=NOW)
    office.forwards("wangxiaoyu", "积水", "https://www.toutiao.com/article/7249559687354974759/")
    watched.tally.refused("signature", "1.2.3.4")
    with watched.database.work() as work:
        work.brakes.pull(BrakeScope.ALL, "", by="sun", reason="试", now=NOW)
        work.alarms.sound("outbox.held.robot:市城管局", "x", NOW)
    status, text = page(watched)
    assert status == 200
    shown = set(re.findall(r"^# TYPE (duban_[a-z_]+) gauge$", text, re.MULTILINE))
    assert shown == set(METRICS)
    for line in (
        "duban_database_up 1.0",
        "duban_cases_open 1.0",
        "duban_beat_age_seconds -1.0",
        "duban_backup_age_seconds -1.0",
        'duban_callbacks{result="signature"} 1.0',
        'duban_brakes_pulled{scope="all"} 1.0',
        'duban_alarms{kind="outbox.held.robot"} 1.0',
        "duban_trial 0.0",
    ):
        assert line in text.splitlines()
    for personal in ("wangxiaoyu", "积水", "1.2.3.4", "市城管局"):
        assert personal not in text


def test_without_a_database_it_still_says_that(watched: Watched, tmp_path: Path) -> None:
    gone = Database(f"sqlite:///{tmp_path}/no/such/place.db")
    status, text = page(replace(watched, database=gone))
    gone.close()
    assert (status, "duban_database_up 0.0" in text) == (200, True)
    assert "duban_lifeboat_records 0.0" in text
    assert "duban_cases_open" not in text


@pytest.mark.parametrize(
    ("token", "host", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "10.0.0.5", {}, 404),
        ("", "127.0.0.1", {"x-forwarded-for": "10.0.0.5"}, 404),
        ("secret", "127.0.0.1", {}, 404),
        ("secret", "10.0.0.5", {"authorization": "Bearer secret"}, 200),
        ("secret", "10.0.0.5", {"authorization": "Bearer Secret"}, 404),
    ],
)
def test_it_answers_this_machine_or_the_token_alone(
    watched: Watched, token: str, host: str, headers: dict[str, str], status: int
) -> None:
    assert page(replace(watched, token=token), host, **headers)[0] == status


def test_the_docs_list_every_metric_and_every_log() -> None:
    text = (HOME / "docs" / "metrics.md").read_text("utf-8")
    listed = re.findall(r"^\| `(duban_[a-z_]+)` \| `?([a-z]*)`? \| (.+) \|$", text, re.MULTILINE)
    assert {name: (label, says) for name, label, says in listed} == METRICS
    named = set(re.findall(r"`(bot(?:\.[a-z_]+)+)`", text))
    logging = {
        ".".join(path.relative_to(HOME).with_suffix("").parts)
        for path in (HOME / "bot").rglob("*.py")
        if "sandbox" not in path.parts and _LOGGED.search(path.read_text("utf-8"))
    }
    assert named == logging


def test_every_rule_names_only_what_is_counted_and_says_what_to_do() -> None:
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS) > 9
    for rule in ALERTS:
        assert set(_NAME.findall(rule["expr"])) <= set(METRICS), rule["alert"]
        assert rule["annotations"]["summary"]
        fix = rule["annotations"]["fix"]
        if fix.startswith("docs/"):
            assert (HOME / fix).is_file(), fix
    watched = {name for rule in ALERTS for name in _NAME.findall(rule["expr"])}
    assert {"duban_beat_age_seconds", "duban_outbox_oldest_seconds"} <= watched
