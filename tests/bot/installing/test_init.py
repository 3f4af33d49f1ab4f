"""`init` run as an administrator runs it: stopped, resumed, refused, and what it leaves behind."""

import json
import stat
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import main
from bot.installing.files import hours_in
from config.settings import load_settings
from tests.support.program import Ended, operate

HOME = Path(__file__).parents[3]
KEY = "0a1b2c3d-4e5f-6789-abcd-ef0123456789"
TABLE = """账号,姓名,角色,单位
liuyang,刘洋,责任单位联络员,市城管局
"""
REST = {
    "corp_id": "ww0123456789abcdef",
    "agent_id": "1000002",
    "wecom_secret": "S" * 43,
    "base_url": "https://duban.example.gov.cn",
    "administrators": "admin 钱进",
    "director": "sunlei 孙磊",
    "duty": "zhaomin 赵敏, sunlei 孙磊",
    "people": "people.csv",
    "robots": f"市城管局={KEY}",
    "api_base": "http://127.0.0.1:9",
}


def begin(folder: Path, *typed: str) -> Ended:
    ended = CliRunner().invoke(
        main.app, ["init", "--config", str(folder / "duban.toml")], input="\n".join(typed) + "\n"
    )
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


def resume(folder: Path, **changed: str) -> Ended:
    (folder / "people.csv").write_text(TABLE, "utf-8")
    told = folder / "answers.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in (REST | changed).items() if value]
    told.write_text("\n".join(lines), "utf-8")
    where = ("--config", str(folder / "duban.toml"), "--wait", "0")
    return operate("init", *where, "--answers", str(told))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended, Ended]:
    """Begun with other hours and one wrong answer, stopped, then resumed to the end."""
    folder = tmp_path_factory.mktemp("site") / "duban"
    first = begin(folder, "云溪市", "moon", "county4", "09:00-12:00, 13:30-17:00")
    return folder, first, resume(folder)


def test_it_stops_where_one_stops_and_says_that_nothing_is_lost(
    installed: tuple[Path, Ended, Ended],
) -> None:
    _, first, _ = installed
    assert first.returncode == 1
    assert "✗ 可选: " in first.stdout
    assert "[4/16] 企业 ID" in first.stdout
    assert "答过的都已存好" in first.stdout


def test_it_goes_on_where_it_stopped_and_ends_with_what_to_paste(
    installed: tuple[Path, Ended, Ended],
) -> None:
    folder, _, second = installed
    assert second.returncode == 0, second.stdout + second.stderr
    assert "接着上次的: 已答 3 题" in second.stdout
    token = (folder / "secrets" / "callback_token").read_text("utf-8").strip()
    aes = (folder / "secrets" / "callback_aes_key").read_text("utf-8").strip()
    for value in ("https://duban.example.gov.cn/wecom/callback", token, aes):
        assert value in second.stdout
    assert "刘洋 (liuyang)" in second.stdout
    assert "体检:" in second.stdout
    listed = operate("people", "list", "--config", str(folder / "duban.toml")).stdout
    for person in ("钱进 (admin) 管理员", "孙磊 (sunlei)", "赵敏 (zhaomin) 值班员", "刘洋"):
        assert person in listed, "the office of the questions and the table's people"


def test_what_it_wrote_is_a_configuration_with_hours_of_its_own(
    installed: tuple[Path, Ended, Ended],
) -> None:
    folder, _, _ = installed
    settings = load_settings(folder / "duban.toml")
    assert settings.institution == "云溪市"
    assert settings.time.trial.enabled
    assert settings.rulebook == folder / "rulebook"
    assert hours_in(settings.rulebook) == ["09:00-12:00", "13:30-17:00"]
    assert "# within 怎么写" in (settings.rulebook / "clocks.toml").read_text("utf-8")
    assert settings.robots["市城管局"].value == KEY
    assert settings.warnings == ()
    listed = tomllib.loads((folder / "directory.toml").read_text("utf-8"))
    roles = {one["userid"]: one["roles"] for one in listed["person"]}
    assert roles["sunlei"] == ["舆情办主任", "值班员"]
    assert (folder / "duban.toml").read_text("utf-8").count("#") > 9


def test_all_it_wrote_is_for_its_owner_alone_and_no_secret_is_among_the_answers(
    installed: tuple[Path, Ended, Ended],
) -> None:
    folder, first, second = installed
    ours = [one for one in folder.rglob("*") if one.name not in {"people.csv", "answers.toml"}]
    files = [one for one in ours if one.is_file() and one.suffix not in {".db-wal", ".db-shm"}]
    assert [one for one in files if stat.S_IMODE(one.stat().st_mode) & 0o077] == []
    kept = (folder / "init-answers.json").read_text("utf-8")
    for secret in ("S" * 43, KEY):
        assert secret not in kept + first.stdout + second.stdout


def test_a_second_run_changes_nothing_and_keeps_what_somebody_edited(
    installed: tuple[Path, Ended, Ended],
) -> None:
    folder, _, _ = installed
    token = (folder / "secrets" / "callback_token").read_text("utf-8")
    config = folder / "duban.toml"
    config.write_text(config.read_text("utf-8") + "# mine\n", "utf-8")
    again = resume(folder)
    assert "已答 16 题" in again.stdout
    assert "人员: 已导入过" in again.stdout
    assert (folder / "secrets" / "callback_token").read_text("utf-8") == token
    assert "# mine" in (folder / "duban.toml.1.old").read_text("utf-8")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"corp_id": "x"}, "企业 ID 以 ww 开头"),
        ({"corp_id": ""}, "答案文件里没有 corp_id"),
        ({"wecom_secret": "@/nowhere/at/all"}, "读不了文件"),
    ],
)
def test_a_wrong_or_missing_answer_of_a_file_ends_it_at_once(
    tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    ended = resume(tmp_path, institution="云溪市", **changed)
    assert (ended.returncode, words in ended.stderr) == (2, True)
