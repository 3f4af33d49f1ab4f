"""What the operator sets, in TOML beside secret files; refuses naming every fault at once."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from config.board_settings import BoardSettings, board_settings
from config.checking import Ask, SettingsError, Table, read_table
from config.contact_settings import ContactSettings, contact_settings
from config.keeping_settings import KeepingSettings, keeping_settings
from config.paper_settings import PaperSettings, paper_settings
from config.robot_settings import RobotSettings, robot_settings
from config.secret import Secret, SecretReader
from config.time_settings import TimeSettings, time_settings

_AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
_TOKEN = re.compile(r"[0-9A-Za-z]{1,32}")
_BASE_URL = re.compile(  # the pages have a host of their own: no path
    r"(?:https://[0-9A-Za-z.-]{1,253}|http://(?:127\.0\.0\.1|localhost))(?::[0-9]{1,5})?"
)
_LOWEST_PORT, _HIGHEST_PORT = 1, 65535
_SHORTEST_AUDIT_KEY = 32  # characters
_SHORTEST_SOURCE_KEY = 24
AUDIT_ALGORITHMS = ("HMAC-SHA256", "HMAC-SM3")
_FEWEST_MONTHS = 6


@dataclass(frozen=True, slots=True)
class WeComSettings:
    """The self-built app of the institution (自建应用)."""

    corp_id: str
    agent_id: int
    api_base: str  # https://qyapi.weixin.qq.com, or the sandbox's address
    secret: Secret
    token: Secret
    aes_key: Secret
    cards: bool  # decisions are asked by cards with buttons; false: by text alone


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """How reports come in beside chat, and what is looked up about them."""

    evidence: Path  # where pictures and recordings lie
    papers: Path  # where files lie that messages hand out
    preview: bool  # whether public pages are read for their titles; off by default
    preview_inside: tuple[str, ...]  # words before the reader's command: a network of its own
    sources: dict[str, Secret]  # a monitoring vendor's name -> its key for POST /api/reports


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """How the audit chain is sealed, where its end is kept besides, and how long its rows stay."""

    key: Secret
    algorithm: str  # HMAC-SHA256 or HMAC-SM3
    anchors: Path  # a file outside the database, best on another disk
    keep_months: int  # at least 6 (网络安全法 第二十一条: 不少于六个月)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the program is told; stops at main.py, which hands out single values."""

    institution: str
    rulebook: Path
    directory: Path
    calendar: Path | None
    wecom: WeComSettings
    contacts: ContactSettings
    robots: dict[str, Secret]  # the robot's name -> the key of its webhook
    database_url: Secret  # may hold a password
    database_pooled: bool  # the address is a transaction pooler (pgbouncer), not the server
    audit: AuditSettings
    host: str
    port: int
    base_url: str  # where people reach us: cards open pages there; "" where no page can be opened
    spool: Path
    clock_offset: Path | None  # demo only: a file with seconds to add to the clock
    intake: IntakeSettings
    time: TimeSettings
    board: BoardSettings
    keeping: KeepingSettings
    papers: PaperSettings
    metrics_token: Secret  # "": /metrics answers this machine alone
    robot: RobotSettings | None = None
    warnings: tuple[str, ...] = field(default=())


def load_settings(path: Path) -> Settings:
    """Read and check a configuration file.

    Raises:
        SettingsError: with every fault at once.
    """
    faults = list[str]()
    top = read_table(path, faults)
    if not top.values and faults:
        raise SettingsError(faults)
    settings = _read(top, path.resolve().parent, faults)
    if faults:
        raise SettingsError(faults)
    return settings


def asked_of(path: Path) -> tuple[Ask, ...]:
    """Return what the program asks of a configuration file, faults or no faults."""
    top = read_table(path, faults := list[str]())
    _read(top, path.resolve().parent, faults)
    return tuple(dict.fromkeys(top.asked))


def _read(top: Table, folder: Path, faults: list[str]) -> Settings:
    warnings = list[str]()
    secrets = SecretReader(folder, faults, warnings)
    institution, server = top.table("institution"), top.table("server", required=False)
    database = top.table("database", required=False)
    settings = Settings(
        institution=institution.text("name"),
        rulebook=_rulebook(institution, folder),
        directory=folder / institution.text("directory", "directory.toml"),
        calendar=_optional_path(institution, "calendar", folder),
        wecom=_wecom(top.table("wecom"), secrets),
        contacts=contact_settings(top, secrets),
        robots=_robots(top.table("robots", required=False), secrets),
        database_url=_database(database, folder, secrets),
        database_pooled=database.flag("pooled", default=False),
        audit=_audit(top.table("audit"), secrets, folder),
        host=server.text("host", "127.0.0.1"),
        port=_port(server),
        base_url=_base_url(server),
        spool=folder / server.text("spool", "var/spool"),
        clock_offset=_optional_path(server, "clock_offset", folder),
        intake=_intake(top, folder, secrets),
        time=time_settings(top, folder),
        robot=robot_settings(top, folder, secrets),
        board=board_settings(top),
        keeping=keeping_settings(top, secrets),
        papers=paper_settings(top, folder),
        metrics_token=secrets.read_if_named(
            "DUBAN_METRICS_TOKEN", server.text("metrics_token_file", ""), "监控的口令"
        ),
        warnings=tuple(warnings),
    )
    for table in (institution, server, database, top):
        table.done()
    return settings


def _rulebook(table: Table, folder: Path) -> Path:
    name = table.text("rulebook")
    if not name:
        return Path()
    own = folder / name
    shipped = Path(__file__).parent / "rulebooks" / name
    if own.is_dir():
        return own
    if not shipped.is_dir():
        known = "、".join(sorted(p.name for p in shipped.parent.glob("*") if p.is_dir()))
        table.faults.append(f"{table.where} 的 rulebook: 没有规则册 {name}, 自带的有 {known}")
    return shipped


def _optional_path(table: Table, name: str, folder: Path) -> Path | None:
    value = table.text(name, "")
    return folder / value if value else None


def _wecom(table: Table, secrets: SecretReader) -> WeComSettings:
    settings = WeComSettings(
        corp_id=table.text("corp_id"),
        agent_id=table.number("agent_id"),
        api_base=table.text("api_base", "https://qyapi.weixin.qq.com").rstrip("/"),
        secret=secrets.read("DUBAN_WECOM_SECRET", table.text("secret_file", ""), "应用的 Secret"),
        token=secrets.read("DUBAN_CALLBACK_TOKEN", table.text("token_file", ""), "回调的 Token"),
        aes_key=secrets.read(
            "DUBAN_CALLBACK_AES_KEY", table.text("aes_key_file", ""), "回调的 EncodingAESKey"
        ),
        cards=table.flag("cards", default=True),
    )
    if settings.aes_key.value and not _AES_KEY.fullmatch(settings.aes_key.value):
        table.faults.append("回调的 EncodingAESKey 应为 43 位字母和数字, 请从企业微信后台重新复制")
    if settings.token.value and not _TOKEN.fullmatch(settings.token.value):
        table.faults.append("回调的 Token 应为 1 到 32 位字母和数字, 请从企业微信后台重新复制")
    if not settings.api_base.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        table.faults.append(f"{table.where} 的 api_base 应以 https:// 开头")
    table.done()
    return settings


def _robots(table: Table, secrets: SecretReader) -> dict[str, Secret]:
    names = table.names()
    return {
        name: secrets.read(f"DUBAN_ROBOT_{nth}", table.text(name, ""), f"群机器人「{name}」的 key")
        for nth, name in enumerate(names, start=1)
    }


def _intake(top: Table, folder: Path, secrets: SecretReader) -> IntakeSettings:
    evidence = top.table("evidence", required=False)
    preview = top.table("preview", required=False)
    api = top.table("api", required=False)
    sources = api.table("sources", required=False)
    keys = {
        name: secrets.read(f"DUBAN_SOURCE_{nth}", sources.text(name, ""), f"来源「{name}」的密钥")
        for nth, name in enumerate(sources.names(), start=1)
    }
    for name, key in keys.items():
        if key.value and len(key.value) < _SHORTEST_SOURCE_KEY:
            sources.faults.append(f"来源「{name}」的密钥至少 {_SHORTEST_SOURCE_KEY} 个字符")
    settings = IntakeSettings(
        evidence=folder / evidence.text("folder", "var/evidence"),
        papers=folder / evidence.text("papers", "var/papers"),
        preview=preview.flag("enabled", default=False),
        preview_inside=preview.texts("inside"),
        sources=keys,
    )
    for table in (evidence, preview, api):
        table.done()
    return settings


def _database(table: Table, folder: Path, secrets: SecretReader) -> Secret:
    if file := table.text("url_file", ""):
        url = secrets.read("DUBAN_DATABASE_URL", file, "数据库地址").value
    else:
        url = table.text("url", "sqlite:///var/duban.db")
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        return Secret("sqlite:///" + str(folder / url.removeprefix("sqlite:///")))
    if url and not url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        table.faults.append(f"{table.where} 的 url 应以 sqlite: 或 postgresql: 开头")
    return Secret(url)


def _audit(table: Table, secrets: SecretReader, folder: Path) -> AuditSettings:
    key = secrets.read("DUBAN_AUDIT_KEY", table.text("key_file", ""), "审计链的密钥")
    algorithm = table.text("algorithm", AUDIT_ALGORITHMS[0])
    anchors = folder / table.text("anchors", "var/audit-anchors.jsonl")
    months = table.number("keep_months", 36)
    table.done()
    if key.value and len(key.value) < _SHORTEST_AUDIT_KEY:
        table.faults.append(
            f"审计链的密钥至少 {_SHORTEST_AUDIT_KEY} 个字符, 例如: openssl rand -hex 32"
        )
    if algorithm not in AUDIT_ALGORITHMS:
        table.faults.append(f"{table.where} 的 algorithm 应为 {' 或 '.join(AUDIT_ALGORITHMS)}")
    if months < _FEWEST_MONTHS:
        table.faults.append(f"{table.where} 的 keep_months 不得少于 {_FEWEST_MONTHS} 个月")
    return AuditSettings(key, algorithm, anchors, months)


def _base_url(table: Table) -> str:
    url = table.text("base_url", "").rstrip("/")
    if url and not _BASE_URL.fullmatch(url):
        table.faults.append(
            f"{table.where} 的 base_url 应为 https:// 加域名, 例如 https://duban.example.gov.cn"
        )
    return url


def _port(table: Table) -> int:
    port = table.number("port", 8000)
    if not _LOWEST_PORT <= port <= _HIGHEST_PORT:
        table.faults.append(f"{table.where} 的 port 应在 {_LOWEST_PORT} 到 {_HIGHEST_PORT} 之间")
    return port
