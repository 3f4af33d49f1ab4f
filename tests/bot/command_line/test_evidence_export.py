"""A case carried away as a zip: verified offline, the first broken part named."""

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.command_line.evidence import (
    Archive,
    BrokenExportError,
    add_commands,
    export_case,
    verify_export,
)
from bot.evidence import EvidenceKeeper
from storage.database import Database
from tests.cases.test_media_type import png
from tests.support.office import Office
from tests.support.senders import picture

NUMBER = "YQ-20261120-001"
PICTURE = png(640, 480)


@pytest.fixture
def archive(sqlite_database: Database, tmp_path: Path) -> Archive:
    return kept_in(sqlite_database, tmp_path)


def kept_in(database: Database, tmp_path: Path) -> Archive:
    office = Office(database)
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", "https://weibo.com/1234567890/P0w7ex6A3")
    picture(office, "wangxiaoyu")
    keeper = EvidenceKeeper(
        database,
        download=lambda _: PICTURE,
        folder=tmp_path / "evidence",
        clock=lambda: office.now,
        tell_refused=lambda *_: None,
    )
    keeper.keep_waiting()
    return Archive(database, tmp_path / "evidence", office.now)


def repacked(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as written:
        parts = {name: written.read(name) for name in written.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return path


def test_an_export_holds_the_case_and_its_files_and_verifies(
    database: Database, tmp_path: Path
) -> None:
    archive = kept_in(database, tmp_path)
    out = tmp_path / "case.zip"
    digest = export_case(archive, NUMBER, out)
    assert verify_export(out) == (NUMBER, 7, digest)
    with zipfile.ZipFile(out) as written:
        names = written.namelist()
        history = json.loads(written.read("history.json"))
        assert written.read(next(n for n in names if n.endswith(".png"))) == PICTURE
        assert json.loads(written.read("case.json"))["title"] == "三中食堂吃出虫子"
        assert "media_id" not in written.read("evidence.json").decode()
    assert [event["kind"] for event in history] == ["Registered"]
    with archive.database.read() as work:
        assert work.audit.verify() is None


def drop(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.__delitem__(name)


def put(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: content})


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (put("history.json", b"[]"), "history.json"),
        (drop("links.json"), "links.json: 缺少"),
        (put("more.txt", b"x"), "more.txt: 清单里没有"),
        (drop("manifest.json"), "缺少 manifest.json"),
        (put("manifest.json", b"{"), "manifest.json 读不出来"),
        (put("manifest.json", b'{"case": 1}'), "manifest.json 读不出来"),
        (put("manifest.json", b" " * 5_000_000), "manifest.json 过大"),
    ],
    ids=["changed", "missing", "added", "no list", "no json", "no parts", "large"],
)
def test_the_first_broken_part_is_named(
    archive: Archive, tmp_path: Path, change: Callable[[dict[str, bytes]], None], named: str
) -> None:
    out = tmp_path / "case.zip"
    export_case(archive, NUMBER, out)
    with pytest.raises(BrokenExportError, match=named):
        verify_export(repacked(out, change))


def test_a_flipped_bit_is_found(archive: Archive, tmp_path: Path) -> None:
    out = tmp_path / "case.zip"
    export_case(archive, NUMBER, out)
    raw = bytearray(out.read_bytes())
    with zipfile.ZipFile(out) as written:
        place = written.getinfo("reports.json").header_offset + 30 + len("reports.json") + 5
    raw[place] ^= 0x40
    out.write_bytes(raw)
    with pytest.raises(BrokenExportError, match=r"reports\.json"):
        verify_export(out)
    out.write_bytes(raw[:100])
    with pytest.raises(BrokenExportError, match="不是完整的 zip"):
        verify_export(out)


def test_files_that_are_no_longer_what_was_kept_are_not_exported(
    archive: Archive, tmp_path: Path
) -> None:
    (kept,) = archive.folder.rglob("*.png")
    kept.write_bytes(b"other")
    with pytest.raises(BrokenExportError, match="已不是当初存下的"):
        export_case(archive, NUMBER, tmp_path / "a.zip")
    kept.unlink()
    with pytest.raises(BrokenExportError, match="不见了"):
        export_case(archive, NUMBER, tmp_path / "a.zip")


def test_the_commands_say_what_they_did(archive: Archive, tmp_path: Path) -> None:
    @contextmanager
    def opened(_config: Path) -> Iterator[Archive]:
        yield archive

    app = typer.Typer()
    app.callback()(lambda: None)
    add_commands(app, opened)
    out = tmp_path / "case.zip"

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["evidence", *arguments])
        return result.exit_code, result.output

    status, said = run("export", NUMBER, "--out", str(out))
    assert (status, "已导出到" in said) == (0, True)
    status, verified = run("verify", str(out))
    assert status == 0
    assert f"相符: {NUMBER}, 7 个部分" in verified
    assert verified.splitlines()[1] in said
    assert run("export", NUMBER, "--out", str(out))[0] == 2  # never over another file
    assert "没有编号" in run("export", "YQ-20261120-999", "--out", str(tmp_path / "b.zip"))[1]
    status, broken = run("verify", str(repacked(out, drop("case.json"))))
    assert (status, "不符: case.json: 缺少" in broken) == (1, True)
