"""Sets the stage: a folder with the configuration of a fictional city and of its sandbox."""

import json
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cases.people import Person, Unit

CORP_ID = "wwyunxidemo000001"
AGENT_ID = 1000002
ROBOT_NAME = "督办助手"
TOWN_GROUP = "云溪市舆情处置群"  # everybody's: here the robot is spoken to with @
_LETTERS = string.ascii_letters + string.digits

_AIBOT = f"""[aibot]
mode = "callback"
name = "{ROBOT_NAME}"
token_file = "secrets/aibot_token"
aes_key_file = "secrets/aibot_aes"
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything of one demonstration lies, and on which ports it listens."""

    folder: Path
    service_port: int
    sandbox_port: int
    database_url: str
    drafts: bool = False  # papers draft themselves: told scenes are without them

    @property
    def config(self) -> Path:
        """The service's configuration file."""
        return self.folder / "duban.toml"

    @property
    def service(self) -> str:
        """Where the service answers, its pages included."""
        return f"http://127.0.0.1:{self.service_port}"

    @property
    def corp(self) -> Path:
        """The sandbox's configuration file."""
        return self.folder / "sandbox.json"

    @property
    def log(self) -> Path:
        """The sandbox's log: one JSON line per request."""
        return self.folder / "sandbox.jsonl"

    @property
    def clock(self) -> Path:
        """The file with the offset that service and sandbox share, in seconds."""
        return self.folder / "clock-offset"


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def set_stage(
    stage: Stage, directory: Path, units: Sequence[Unit], people: Sequence[Person]
) -> Stage:
    """Write the configuration of service and sandbox, with fresh secrets, into the folder."""
    folder = stage.folder
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    kept = {"secret": _letters(43), "token": _letters(24), "aes": _letters(43)}
    kept |= {"aibot_token": _letters(24), "aibot_aes": _letters(43)}
    kept["audit"] = secrets.token_hex(32)
    robots = {unit.robot: _letters(36) for unit in units if unit.robot}
    for name, value in (kept | {f"robot_{i}": k for i, k in enumerate(robots.values())}).items():
        path = folder / "secrets" / name
        path.write_text(value, encoding="utf-8")
        path.chmod(0o600)
    stage.clock.write_text("0", encoding="utf-8")
    stage.config.write_text(_config(stage, directory, list(robots)), encoding="utf-8")
    corp = _corp(stage, units, people, robots, kept)
    stage.corp.write_text(json.dumps(corp, ensure_ascii=False, indent=1), encoding="utf-8")
    return stage


def _config(stage: Stage, directory: Path, robots: list[str]) -> str:
    groups = "\n".join(f'"{name}" = "secrets/robot_{nth}"' for nth, name in enumerate(robots))
    return f"""# Written by `main.py demo`: a fictional city against the local sandbox.
[institution]
name = "云溪市"
rulebook = "city3"
directory = "{directory}"

[wecom]
corp_id = "{CORP_ID}"
agent_id = {AGENT_ID}
api_base = "http://127.0.0.1:{stage.sandbox_port}"
secret_file = "secrets/secret"
token_file = "secrets/token"
aes_key_file = "secrets/aes"

[robots]
{groups}

{_AIBOT}
[database]
url = "{stage.database_url}"

[audit]
key_file = "secrets/audit"

[board]
authorize_base = "http://127.0.0.1:{stage.sandbox_port}"
scan_base = "http://127.0.0.1:{stage.sandbox_port}"

[papers]
drafts = {str(stage.drafts).lower()}

[server]
base_url = "{stage.service}"
port = {stage.service_port}
spool = "spool"
clock_offset = "{stage.clock.name}"
"""


def _corp(
    stage: Stage,
    units: Sequence[Unit],
    people: Sequence[Person],
    robots: dict[str, str],
    kept: dict[str, str],
) -> dict[str, object]:
    service = stage.service
    names = {unit.id: unit.name for unit in units}
    return {
        "corpid": CORP_ID,
        "name": "云溪市",
        "apps": [
            {
                "agentid": AGENT_ID,
                "name": "督办",
                "secret": kept["secret"],
                "token": kept["token"],
                "aes_key": kept["aes"],
                "callback_url": f"{service}/wecom/callback",
                "home_url": f"{service}/sign-in/client",
            }
        ],
        "members": [_member(person, names) for person in people],
        "robots": _groups(units, people, robots),
        "smart_robots": [_smart_robot(service, kept)],
        "clock_file": str(stage.clock),
        "next_moment_url": f"{service}/rehearsal/next",
        # The platform does not say how long it waits between its tries; long enough for a restart.
        "limits": {"callback_pause": 5.0},
    }


def _groups(
    units: Sequence[Unit], people: Sequence[Person], robots: dict[str, str]
) -> list[dict[str, object]]:
    """Everybody's group, and that of each unit with the key of its webhook robot."""
    everybody = [person.userid for person in people]
    inside = {unit.robot: [p.userid for p in people if p.unit_id == unit.id] for unit in units}
    found: list[dict[str, object]] = [
        {"key": _letters(36), "name": TOWN_GROUP, "members": everybody}
    ]
    for name, key in robots.items():
        found.append({"key": key, "name": f"{name}工作群", "members": inside[name]})
    return found


def _smart_robot(service: str, kept: dict[str, str]) -> dict[str, object]:
    return {
        "botid": "aib-duban",
        "name": ROBOT_NAME,
        "callback_url": f"{service}/wecom/robot",
        "token": kept["aibot_token"],
        "aes_key": kept["aibot_aes"],
        "groups": [TOWN_GROUP],
    }


def _member(person: Person, units: dict[str, str]) -> dict[str, object]:
    position = "、".join(sorted(role.value for role in person.roles))
    if person.is_deputy:
        position += " (副)"
    group = units.get(person.unit_id or "", "市级" if person.unit_id is None else "")
    return {"userid": person.userid, "name": person.name, "position": position, "group": group}
