"""Files people sent are fetched after the commit and kept, refused, or tried again."""

import hashlib
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from bot.evidence import Download, EvidenceKeeper
from bot.wecom.client import MediaError
from handlers.intake_evidence import tell_refused
from storage.database import Database
from storage.evidence import Evidence
from storage.states import EvidenceState
from tests.cases.test_media_type import png
from tests.support.office import Office, to
from tests.support.senders import picture

WANG = "wangxiaoyu"
LINK = "https://weibo.com/1234567890/P0w7ex6A3"
PICTURE = png(640, 480)


class Shelf:
    """What the platform holds, by media id."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"M1": PICTURE}
        self.asked: list[str] = []

    def __call__(self, media_id: str) -> bytes:
        self.asked.append(media_id)
        if media_id not in self.files:
            raise MediaError("40007 媒体文件已过期")
        return self.files[media_id]


@pytest.fixture
def office(database: Database) -> Office:
    opened = Office(database)
    opened.forwards(WANG, "三中食堂吃出虫子", LINK)
    return opened


def keeper(office: Office, shelf: Download, folder: Path) -> EvidenceKeeper:
    return EvidenceKeeper(
        office.database,
        download=shelf,
        folder=folder / "evidence",
        clock=lambda: office.now,
        tell_refused=lambda work, one, why, now: tell_refused(work, office.desk, one, why, now),
    )


def only(office: Office) -> Evidence:
    with office.database.read() as work:
        (one,) = work.evidence.of_case(office.case().id)
        return one


def test_a_picture_is_kept_with_its_digest_time_and_sender(office: Office, tmp_path: Path) -> None:
    picture(office, WANG)
    assert keeper(office, Shelf(), tmp_path).keep_waiting() == 1
    one = only(office)
    assert (one.state, one.sender, one.at) == (EvidenceState.KEPT, WANG, office.now)
    assert (one.sha256, one.size) == (hashlib.sha256(PICTURE).hexdigest(), len(PICTURE))
    assert one.path is not None
    place = tmp_path / "evidence" / one.path
    assert place.read_bytes() == PICTURE
    assert place.stat().st_mode & 0o077 == 0
    assert list(tmp_path.rglob("*.part")) == []
    with office.database.read() as work:
        assert work.audit.verify() is None
    assert office.leaving() == []


def test_the_same_picture_twice_is_one_file(office: Office, tmp_path: Path) -> None:
    picture(office, WANG)
    picture(office, WANG)
    assert keeper(office, Shelf(), tmp_path).keep_waiting() == 2
    assert len([path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html>", "只收 JPG"),
        (png(30_000, 30_000), "像素过大"),
        (PICTURE + bytes(10 * 1024 * 1024), "超过 10 MB"),
    ],
    ids=["page", "bomb", "large"],
)
def test_what_may_not_be_kept_is_refused_and_the_sender_is_told(
    office: Office, tmp_path: Path, content: bytes, why: str
) -> None:
    shelf = Shelf()
    shelf.files["M1"] = content
    picture(office, WANG)
    worker = keeper(office, shelf, tmp_path)
    worker.keep_waiting()
    assert why in to(WANG, office.leaving())
    assert only(office).state is EvidenceState.REFUSED
    assert worker.keep_waiting() == 0
    assert not (tmp_path / "evidence").exists()


def test_a_file_the_platform_does_not_give_is_asked_for_again_and_then_refused(
    office: Office, tmp_path: Path
) -> None:
    shelf = Shelf()
    picture(office, WANG, "M9")
    worker = keeper(office, shelf, tmp_path)
    worker.keep_waiting()
    assert only(office).state is EvidenceState.WAITING
    assert worker.keep_waiting() == 0  # not at once
    for _ in range(5):
        office.now += timedelta(hours=11)
        worker.keep_waiting()
    assert shelf.asked == ["M9"] * 6
    assert only(office).state is EvidenceState.REFUSED
    assert "请重新发一次" in to(WANG, office.leaving())


def test_a_full_disk_sounds_an_alarm_and_loses_nothing(office: Office, tmp_path: Path) -> None:
    in_the_way = tmp_path / "evidence"
    in_the_way.write_text("a file where the folder should be")
    picture(office, WANG)
    worker = keeper(office, Shelf(), tmp_path)
    worker.keep_waiting()
    with office.database.read() as work:
        assert [alarm.kind for alarm in work.alarms.sounding()] == ["evidence.disk"]
    in_the_way.unlink()
    office.now += timedelta(minutes=10)
    worker.keep_waiting()
    assert only(office).state is EvidenceState.KEPT


def test_it_works_by_itself_once_started(office: Office, tmp_path: Path) -> None:
    shelf, fetched = Shelf(), threading.Event()

    def download(media_id: str) -> bytes:
        fetched.set()
        return shelf(media_id)

    worker = keeper(office, download, tmp_path)
    worker.start()
    picture(office, WANG)
    assert fetched.wait(10)
    worker.stop()
    assert only(office).state is EvidenceState.KEPT


def test_a_sender_who_has_left_is_told_nothing(office: Office, tmp_path: Path) -> None:
    picture(office, WANG, "M1")
    with office.database.work() as work:
        work.people.leave(WANG, office.now)
    shelf = Shelf()
    shelf.files["M1"] = b"no picture"
    keeper(office, shelf, tmp_path).keep_waiting()
    assert to(WANG, office.leaving()) == ""
