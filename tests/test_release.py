"""A release says what it is made of, and refuses to be made where it is not ready."""

import json
import re
import subprocess
import sys
from pathlib import Path

from bench import licences

HOME = Path(__file__).parents[1]


def released(version: str, home: Path) -> str:
    command = ["bash", str(home / ".ci" / "release"), version]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    return told.stderr


def test_notice_names_every_library_under_another_licence() -> None:
    assert licences.unnamed() == []
    assert "psycopg" in licences.locked()
    assert "LGPL" in licences.licence("psycopg") or "Lesser" in licences.licence("psycopg")


def test_the_list_of_parts_names_each_locked_library(tmp_path: Path) -> None:
    made = tmp_path / "sbom.json"
    program = str(Path(sys.executable).with_name("cyclonedx-py"))
    command = [program, "requirements", str(HOME / "requirements.txt"), "--of", "JSON"]
    subprocess.run([*command, "-o", str(made)], check=True, capture_output=True)
    told = json.loads(made.read_text("utf-8"))
    named = {part["name"].lower() for part in told["components"]}
    assert set(licences.locked()) - named == set()


def test_a_release_refuses_what_is_no_version_or_not_written_down(tmp_path: Path) -> None:
    home = tmp_path / "clone"
    subprocess.run(["git", "init", "-q", "-b", "main", str(home)], check=True)
    (home / ".ci").mkdir()
    for name in (".ci/release", "pyproject.toml", "CHANGELOG.md"):
        (home / name).write_bytes((HOME / name).read_bytes())
    git = ["git", "-C", str(home), "-c", "user.name=赵敏", "-c", "user.email=z@city.example"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "all"], check=True)
    assert "is no semantic version" in released("next", home)
    assert "pyproject.toml has another version" in released("99.0.0", home)
    (home / "note").write_text("not committed", encoding="utf-8")
    assert "not committed" in released("99.0.0", home)
    (home / "note").unlink()
    project, changes = home / "pyproject.toml", home / "CHANGELOG.md"
    was = re.search(r'^version = "([^"]+)"', project.read_text("utf-8"), re.MULTILINE)
    assert was is not None
    project.write_text(project.read_text("utf-8").replace(was[0], 'version = "99.0.0"'), "utf-8")
    subprocess.run([*git, "commit", "-aqm", "bump"], check=True)
    assert "CHANGELOG.md has no section for 99.0.0" in released("99.0.0", home)
    changes.write_text("## 99.0.0 - 2099-01-01\n" + changes.read_text("utf-8"), "utf-8")
    subprocess.run([*git, "commit", "-aqm", "changes"], check=True)
    assert "no database of 99.0.0 is kept" in released("99.0.0", home)
