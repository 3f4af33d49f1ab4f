"""Secrets come from files (mode 0600), `*_FILE` variables or systemd credentials."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A value that must never be printed."""

    value: str

    def __repr__(self) -> str:
        """Three stars, whatever it holds."""
        return "***"

    __str__ = __repr__


@dataclass(slots=True)
class SecretReader:
    """Reads secrets and collects what is wrong with them, never a secret itself.

    Order: a systemd credential of that name, NAME_FILE, the file the configuration names, and last
    the plain variable NAME, which is for demo, tests and containers only and is warned about.
    """

    folder: Path
    faults: list[str]
    warnings: list[str]

    def read(self, name: str, file: str, what: str) -> Secret:
        """Return the secret `name`, or an empty one and a fault.

        Args:
            name: its variable, e.g. DUBAN_WECOM_SECRET.
            file: the path the configuration gives, relative to the configuration; may be "".
            what: what it is, in an operator's words.
        """
        path = self._path(name, file)
        if path is not None:
            return self._from_file(path, what)
        plain = os.environ.get(name)
        if plain:
            self.warnings.append(
                f"{what}取自环境变量 {name}: 只宜演示和容器使用, 正式环境请改用文件"
            )
            return Secret(plain.strip())
        self.faults.append(f"缺少{what}: 请在配置里写它的文件路径, 或设 {name}_FILE")
        return Secret("")

    def read_if_named(self, name: str, file: str, what: str) -> Secret:
        """As `read`, but an empty one and no fault where nothing names it."""
        if self._path(name, file) is None and not os.environ.get(name):
            return Secret("")
        return self.read(name, file, what)

    def _path(self, name: str, file: str) -> Path | None:
        credentials = os.environ.get("CREDENTIALS_DIRECTORY")
        if credentials and (Path(credentials) / name.lower()).is_file():
            return Path(credentials) / name.lower()
        named = os.environ.get(f"{name}_FILE") or file
        return self.folder / named if named else None

    def _from_file(self, path: Path, what: str) -> Secret:
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            self.faults.append(f"找不到{what}的文件 {path}")
            return Secret("")
        except (OSError, UnicodeDecodeError) as error:
            self.faults.append(f"读不了{what}的文件 {path}: {type(error).__name__}")
            return Secret("")
        if mode & _OTHERS:
            self.faults.append(f"{what}的文件 {path} 别人也能读, 请执行 chmod 600 {path}")
        if not text:
            self.faults.append(f"{what}的文件 {path} 是空的")
        return Secret(text)
