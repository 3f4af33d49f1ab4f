"""The configuration: read strictly, every fault named at once, no secret ever printed."""

from datetime import timedelta
from pathlib import Path

import pytest

from config.checking import SettingsError
from config.directory import load_directory
from config.secret import Secret
from config.settings import load_settings

GOOD = """
[institution]
name = "云溪市"
rulebook = "city3"

[wecom]
corp_id = "wwyunxi"
agent_id = 1000002
secret_file = "secret"
token_file = "token"
aes_key_file = "aes"

[robots]
"市城管局" = "robot"

[audit]
key_file = "audit"
"""
SECRETS = {
    "secret": "s" * 43,
    "token": "QDG6eK",
    "aes": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "robot": "0123-4567",
    "audit": "k" * 64,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CREDENTIALS_DIRECTORY", "DUBAN_WECOM_SECRET", "DUBAN_WECOM_SECRET_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in SECRETS.items():
        path = tmp_path / name
        path.write_text(value + "\n", encoding="utf-8")
        path.chmod(0o600)
    (tmp_path / "duban.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def faults_of(folder: Path, text: str) -> str:
    (folder / "duban.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(folder / "duban.toml")
    return "\n".join(refused.value.faults)


def test_a_good_configuration_is_read_with_its_defaults(folder: Path) -> None:
    settings = load_settings(folder / "duban.toml")
    assert settings.institution == "云溪市"
    assert settings.rulebook.name == "city3"
    assert settings.wecom.api_base == "https://qyapi.weixin.qq.com"
    assert settings.wecom.secret.value == "s" * 43
    assert settings.robots["市城管局"].value == "0123-4567"
    assert settings.database_url.value == f"sqlite:///{folder}/var/duban.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.warnings == ()
    assert settings.wecom.cards
    assert settings.base_url == ""


def test_every_fault_is_named_at_once(folder: Path) -> None:
    (folder / "token").unlink()
    (folder / "aes").write_text("short", encoding="utf-8")
    (folder / "secret").chmod(0o644)
    (folder / "robot").write_text("", encoding="utf-8")
    (folder / "audit").write_text("too short", encoding="utf-8")
    text = GOOD.replace('rulebook = "city3"', 'rulebook = "city9"').replace(
        "agent_id = 1000002", 'agent_id = "x"\ncorpid = "typo"\napi_base = "ftp://x"'
    )
    found = faults_of(folder, text + '\n[server]\nport = 99999\n[database]\nurl = "mysql://x"\n')
    for words in (
        "没有规则册 city9",
        "agent_id 应为整数",
        "不认识 corpid, 是否想写 corp_id",
        "api_base 应以 https:// 开头",
        "找不到回调的 Token的文件",
        "EncodingAESKey 应为 43 位",
        "别人也能读, 请执行 chmod 600",
        "是空的",
        "审计链的密钥至少 32 个字符",
        "port 应在 1 到 65535 之间",
        "url 应以 sqlite: 或 postgresql: 开头",
    ):
        assert words in found
    assert "s" * 43 not in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[institution", "不是有效的 TOML"),
        ("institution = 1\n", "[institution] 应为一节"),
        ("", "缺少 [institution] 一节"),
        (GOOD + "[extra]\n", "不认识 extra"),
        (GOOD.replace('name = "云溪市"', ""), "缺少 name"),
        (GOOD.replace('token_file = "token"', ""), "缺少回调的 Token"),
    ],
)
def test_a_broken_file_is_refused_in_words(folder: Path, text: str, words: str) -> None:
    assert words in faults_of(folder, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="找不到文件"):
        load_settings(tmp_path / "nowhere.toml")


def test_a_bad_token_is_named(folder: Path) -> None:
    (folder / "token").write_text("has-dash", encoding="utf-8")
    assert "Token 应为 1 到 32 位" in faults_of(folder, GOOD)


def test_secrets_may_come_from_variables_with_a_warning(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_WECOM_SECRET", "from the environment")
    text = GOOD.replace('secret_file = "secret"', "")
    (folder / "duban.toml").write_text(text, encoding="utf-8")
    settings = load_settings(folder / "duban.toml")
    assert settings.wecom.secret.value == "from the environment"
    assert "DUBAN_WECOM_SECRET" in settings.warnings[0]


def test_a_credential_of_the_service_manager_goes_first(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "credentials"
    given.mkdir()
    (given / "duban_wecom_secret").write_text("credential", encoding="utf-8")
    (given / "duban_wecom_secret").chmod(0o600)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    assert load_settings(folder / "duban.toml").wecom.secret.value == "credential"


def test_a_database_address_may_stand_in_a_file(folder: Path) -> None:
    (folder / "db").write_text("postgresql://u:p@db/duban", encoding="utf-8")
    (folder / "db").chmod(0o600)
    (folder / "duban.toml").write_text(GOOD + '[database]\nurl_file = "db"\n', encoding="utf-8")
    assert load_settings(folder / "duban.toml").database_url.value == "postgresql://u:p@db/duban"


def test_an_address_is_the_servers_own_unless_a_pooler_is_named(folder: Path) -> None:
    assert not load_settings(folder / "duban.toml").database_pooled
    pooled = GOOD + '[database]\nurl = "postgresql://u:p@db:6432/duban"\npooled = true\n'
    (folder / "duban.toml").write_text(pooled, encoding="utf-8")
    assert load_settings(folder / "duban.toml").database_pooled
    assert "pooled" in faults_of(folder, pooled.replace("true", '"yes"'))


def test_a_rulebook_of_ones_own_beside_the_configuration_wins(folder: Path) -> None:
    (folder / "city3").mkdir()
    assert load_settings(folder / "duban.toml").rulebook == folder / "city3"


def test_g06_a_secret_never_shows_itself() -> None:
    secret = Secret("canary")
    assert "canary" not in f"{secret} {secret!r} {[secret]}"


DIRECTORY = """
[[unit]]
id = "cg"
name = "市城管局"

[[person]]
userid = "LiuYang"
name = "刘洋"
roles = ["责任单位联络员"]
unit = "cg"
"""


def test_a_directory_names_what_is_doubtful(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    more = '[[person]]\nuserid = "b"\nname = "刘洋"\nroles = []\n'
    path.write_text(DIRECTORY + more, encoding="utf-8")
    directory = load_directory(path)
    assert directory.people[0].userid == "liuyang"
    assert directory.doubts[:3] == (
        "市城管局 没有副联络员 (AB 角)",
        "姓名重复: 刘洋",
        "刘洋 没有角色",
    )


def test_a_unit_without_a_liaison_is_doubtful(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    path.write_text('[[unit]]\nid = "cg"\nname = "市城管局"\n', encoding="utf-8")
    assert load_directory(path).doubts[0] == "市城管局 没有联络员"


def test_a_wrong_directory_names_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    text = DIRECTORY + DIRECTORY.replace('unit = "cg"', 'unit = "xx"\ndeputy = "yes"').replace(
        '["责任单位联络员"]', '["联络官"]'
    )
    path.write_text(text.replace('name = "市城管局"', 'name = "市城管局"\naliases = 3', 1), "utf-8")
    with pytest.raises(SettingsError) as refused:
        load_directory(path)
    found = "\n".join(refused.value.faults)
    for words in (
        "没有单位 xx",
        "不认识「联络官」",
        "deputy 应为 true 或 false",
        "aliases 应为文本列表",
        "[[unit]] 的 id 重复: cg",
        "[[person]] 的 userid 重复: liuyang",
    ):
        assert words in found


def test_units_that_are_no_tables_are_named(tmp_path: Path) -> None:
    path = tmp_path / "directory.toml"
    path.write_text("unit = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\[\[unit\]\] 应为若干节"):
        load_directory(path)


@pytest.mark.parametrize("url", ["https://duban.example.gov.cn/", "http://127.0.0.1:8000"])
def test_where_people_open_our_pages_is_told(folder: Path, url: str) -> None:
    text = GOOD.replace("agent_id = 1000002", "agent_id = 1000002\ncards = false")
    text += f'\n[server]\nbase_url = "{url}"\n'
    (folder / "duban.toml").write_text(text, encoding="utf-8")
    settings = load_settings(folder / "duban.toml")
    assert settings.base_url == url.rstrip("/")
    assert not settings.wecom.cards


@pytest.mark.parametrize(
    "url", ["duban.example", "http://duban.example", "https://x/?a=1", "https://x/a"]
)
def test_an_address_that_cards_cannot_open_is_refused(folder: Path, url: str) -> None:
    assert "base_url" in faults_of(folder, GOOD + f'\n[server]\nbase_url = "{url}"\n')


def test_the_pages_have_their_defaults_and_their_own_values(folder: Path) -> None:
    board = load_settings(folder / "duban.toml").board
    assert (board.idle, board.whole) == (timedelta(hours=8), timedelta(hours=24))
    assert board.authorize_base == "https://open.weixin.qq.com"
    own = '\n[board]\nidle_hours = 1\nlongest_hours = 336\nscan_base = "http://127.0.0.1:9/"\n'
    (folder / "duban.toml").write_text(GOOD + own, encoding="utf-8")
    board = load_settings(folder / "duban.toml").board
    assert (board.idle, board.whole) == (timedelta(hours=1), timedelta(hours=336))
    assert board.scan_base == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("idle_hours = 0", "idle_hours 应在 1 到 336 之间"),
        ("longest_hours = 337", "longest_hours 应在 1 到 336 之间"),
        ("idle_hours = 25", "idle_hours 不能比 longest_hours 大"),
        ('scan_base = "http://login.example"', "scan_base 应以 https:// 开头"),
        ('authorize_base = ""', "authorize_base 应以 https:// 开头"),
        ('authorize_base = "https://x.example/a?b=1"', "只写到域名和端口"),
        ('base_url = "https://x.example"', "不认识 base_url"),
    ],
)
def test_a_wrong_value_of_the_pages_is_named(folder: Path, said: str, fault: str) -> None:
    assert fault in faults_of(folder, f"{GOOD}\n[board]\n{said}\n")
