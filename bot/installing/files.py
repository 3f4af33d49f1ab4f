"""Writes the configuration, commented, the secrets and the directory out of the answers."""

import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.items import Table

from bot.installing.answers import Answers, write_private
from bot.installing.questions import ROBOTS, SECRET, hours_of, is_yes, people_of, robots_of
from cases.people import Role

_LETTERS = string.ascii_letters + string.digits
_GENERATED = {"callback_token": 32, "callback_aes_key": 43, "audit_key": 64, "backup_key": 64}
_OWN_RULES = "rulebook"
_OFFICE = {"administrators": Role.ADMINISTRATOR, "director": Role.OFFICE_DIRECTOR}
_OFFICE |= {"duty": Role.DUTY_OFFICER}
_HEAD = (
    "# 督办的配置。改好后运行 duban reload; 每一项的说明见 docs/operating.md。\n"
    "# 密钥在 secrets/ 里, 一个文件一个, 不写在这里。\n\n"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an institution's files lie, and the rulebooks that ship."""

    config: Path
    rulebooks: Path

    @property
    def folder(self) -> Path:
        """Where everything lies that is the institution's."""
        return self.config.resolve().parent

    def secret(self, name: str) -> Path:
        """The file of a secret."""
        return self.folder / "secrets" / name


def hours_in(rulebook: Path) -> list[str]:
    """Return the working hours that a rulebook has."""
    found = tomlkit.parse((rulebook / "clocks.toml").read_text(encoding="utf-8"))["time"]
    return [str(one) for one in found.unwrap()["work"]]


def keep_secret(place: Place, key: str, answer: str) -> None:
    """Put a secret answer into files of its own, mode 0600.

    Raises:
        OSError: the file it names cannot be read.
    """
    if key == SECRET:
        value = answer
        if answer.startswith("@"):
            value = Path(answer[1:]).expanduser().read_text(encoding="utf-8").strip()
        write_private(place.secret(SECRET), f"{value}\n")
    if key == ROBOTS:
        for nth, robot_key in enumerate(robots_of(answer).values(), start=1):
            write_private(place.secret(f"robot_{nth}"), f"{robot_key}\n")


def generate(place: Place) -> None:
    """Make the secrets that nobody types; one that is there stays."""
    for name, length in _GENERATED.items():
        if not place.secret(name).exists():
            value = "".join(secrets.choice(_LETTERS) for _ in range(length))
            write_private(place.secret(name), f"{value}\n")


def write_all(place: Place, answers: Answers) -> list[str]:
    """Write configuration, directory and, where hours differ, a rulebook of one's own.

    What stood there and differs is kept beside it. Returns what was written, in words.
    """
    generate(place)
    values = {key: answers.get(key) or "" for key in _KEYS}
    rulebook = _rulebook(place, values)
    units = [name for name in values["robot_names"].split("、") if name]
    written = [
        _put(place.config, _HEAD + tomlkit.dumps(_config(values, rulebook, units))),
        _put(place.folder / "directory.toml", tomlkit.dumps(_directory(values, units))),
    ]
    return [
        *written,
        f"密钥 {len(_GENERATED) + 1 + len(units)} 个, 在 {place.folder}/secrets (0600)",
    ]


_KEYS = (
    "institution",
    "rulebook",
    "hours",
    "corp_id",
    "agent_id",
    "base_url",
    "port",
    "database",
    "administrators",
    "director",
    "duty",
    "robot_names",
    "trial",
    "broadcasts",
    "api_base",
)


def _put(path: Path, text: str) -> str:
    if path.exists() and path.read_text(encoding="utf-8") != text:
        nth = next(n for n in range(1, 1000) if not path.with_name(f"{path.name}.{n}.old").exists())
        path.replace(path.with_name(f"{path.name}.{nth}.old"))
        write_private(path, text)
        return f"{path} (原来的改名为 {path.name}.{nth}.old)"
    write_private(path, text)
    return str(path)


def _rulebook(place: Place, values: Mapping[str, str]) -> str:
    """Return the rulebook's name; other hours need a copy of one's own, comments and all."""
    shipped = place.rulebooks / values["rulebook"]
    wanted = hours_of(values["hours"])
    if wanted == hours_in(shipped):
        return values["rulebook"]
    for file in shipped.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "clocks.toml":
            document = tomlkit.parse(text)
            time = document["time"]
            if isinstance(time, Table):
                time["work"] = wanted
            text = tomlkit.dumps(document)
        _put(place.folder / _OWN_RULES / file.name, text)
    return _OWN_RULES


def _section(comment: str, values: Mapping[str, object]) -> Table:
    table = tomlkit.table()
    if comment:
        table.comment(comment)
    for name, value in values.items():
        table.add(name, value)
    return table


_Section = tuple[str, str, Mapping[str, object]]


def _config(values: Mapping[str, str], rulebook: str, units: Iterable[str]) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    sections = (*_of_platform(values, rulebook, units), *_of_machine(values))
    for name, comment, held in sections:
        document.add(name, _section(comment, held))
    if values["api_base"]:  # a rehearsal: the sandbox vouches for who signs in, too
        sites = {"authorize_base": values["api_base"], "scan_base": values["api_base"]}
        document.add("board", _section("演练", sites))
    return document


def _of_platform(
    values: Mapping[str, str], rulebook: str, units: Iterable[str]
) -> tuple[_Section, ...]:
    robots = {name: f"secrets/robot_{nth}" for nth, name in enumerate(units, start=1)}
    wecom: dict[str, object] = {"corp_id": values["corp_id"], "agent_id": int(values["agent_id"])}
    wecom |= {"secret_file": f"secrets/{SECRET}", "token_file": "secrets/callback_token"}
    wecom |= {"aes_key_file": "secrets/callback_aes_key"}
    wecom |= {"api_base": values["api_base"]} if values["api_base"] else {}
    return (
        (
            "institution",
            "单位、规则册、名录",
            {"name": values["institution"], "rulebook": rulebook, "directory": "directory.toml"},
        ),
        ("wecom", "自建应用; Token 和 EncodingAESKey 要与管理后台一致", wecom),
        ("robots", "单位群机器人: 名录里的 robot -> 密钥文件", robots),
    )


def _of_machine(values: Mapping[str, str]) -> tuple[_Section, ...]:
    is_own = values["database"] != "sqlite"
    database = {"url_file": "secrets/database_url"} if is_own else {"url": "sqlite:///var/duban.db"}
    return (
        ("database", "单机 SQLite, 或 url_file 指向 PostgreSQL 地址", database),
        ("audit", "审计链的密钥, 与数据库分开保存", {"key_file": "secrets/audit_key"}),
        (
            "server",
            "只在本机监听, 前面放反向代理",
            {"host": "127.0.0.1", "port": int(values["port"]), "base_url": values["base_url"]},
        ),
        (
            "backup",
            "备份的密钥, 请另抄一份离线保存: 丢了备份就打不开",
            {"key_file": "secrets/backup_key"},
        ),
        (
            "trial",
            "试运行: 只对舆情办说话; 转正式用 duban go-live",
            {"enabled": is_yes(values["trial"]), "evening": "17:40"},
        ),
        (
            "broadcasts",
            "定时播报; 不要就删去 file 一行",
            {"file": "broadcasts.toml"} if is_yes(values["broadcasts"]) else {},
        ),
    )


def _directory(values: Mapping[str, str], units: Iterable[str]) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment("开头的几个人和单位; 其余用 duban people import 导入"))
    roles: dict[str, tuple[str, list[str]]] = {}
    for key, role in _OFFICE.items():
        for one in people_of(values[key]):
            roles.setdefault(one.userid, (one.name, []))[1].append(role.value)
    listed = tomlkit.aot()
    for name in units:
        listed.append(_section("", {"id": name, "name": name, "robot": name}))
    if listed:
        document.add("unit", listed)
    people = tomlkit.aot()
    for userid, (name, held) in roles.items():
        people.append(_section("", {"userid": userid, "name": name, "roles": held}))
    document.add("person", people)
    return document


def keep_database_url(place: Place, answer: str) -> str:
    """Put a database address, which holds a password, into a file; return what is kept of it."""
    if answer == "sqlite":
        return answer
    write_private(place.secret("database_url"), f"{answer}\n")
    return "postgresql"
