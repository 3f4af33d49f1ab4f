"""What is shipped to run duban elsewhere: units, container, proxies, the installer's refusals."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import operate

HOME = Path(__file__).parents[3]
DEPLOY = HOME / "config" / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MOST_EXPOSED = 20  # tenths, as `systemd-analyze security` counts them: below 2.0 is OK
SERVICE_TREE = ("ReadWritePaths", "ProtectSystem", "PrivateUsers", "SystemCallFilter")


def unit(path: Path) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, "utf-8")
    return {name: dict(parser[name]) for name in parser.sections()}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env={"PATH": path, **environment}
    )


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_each_unit_is_shut_in(path: Path) -> None:
    service = unit(path)["Service"]
    assert [name for name in SERVICE_TREE if name not in service] == []
    assert service["User"] == "duban"
    assert service["UMask"] == "0077"
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here: the sandboxing directives were looked at by name")
    found = run(
        "systemd-analyze",
        "security",
        "--offline=true",
        f"--threshold={MOST_EXPOSED}",
        "--no-pager",
        str(path),
    )
    assert found.returncode == 0, found.stdout


def test_the_units_are_such_as_systemd_reads_without_a_complaint(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze here")
    for path in (DEPLOY / "systemd").iterdir():
        words = path.read_text("utf-8")
        words = words.replace("/opt/duban/current/venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(words, "utf-8")
    files = sorted(str(one) for one in tmp_path.iterdir())
    found = run(analyze, "verify", "--man=no", *files)
    assert (found.returncode, found.stderr) == (0, "")


def test_each_command_in_a_unit_is_one_the_program_has() -> None:
    for path in UNITS:
        command = unit(path)["Service"]["ExecStart"].split("main.py ")[1].split()[0]
        assert operate(command, "--help").returncode == 0, command


def test_the_compose_file_is_one() -> None:
    check = str(Path(sys.executable).parent / "check-jsonschema")
    compose = str(DEPLOY / "container" / "compose.yaml")
    found = run(check, "--builtin-schema", "vendor.compose-spec", compose)
    assert found.returncode == 0, found.stdout


def test_the_container_runs_as_nobody_in_particular_and_is_watched() -> None:
    words = (DEPLOY / "container" / "Containerfile").read_text("utf-8")
    lines = [line.split(maxsplit=1) for line in words.splitlines() if re.match(r"[A-Z]+ ", line)]
    last = lines[[one[0] for one in lines].index("FROM", 1) :]
    said = {one[0]: one[1] for one in last}
    assert said["USER"] == "10001:10001"
    assert "/healthz/engine" in words[words.index("HEALTHCHECK") :]
    assert [one for one in lines if one[0] == "ADD" or (one[0] == "COPY" and one[1] == ". .")] == []
    copied = {one[1].split()[0] for one in lines if one[0] == "COPY"}
    assert {"bot", "handlers", "storage", "config", "cases", "requirements.txt"} <= copied
    compose = (DEPLOY / "container" / "compose.yaml").read_text("utf-8")
    assert "read_only: true" in compose
    assert 'user: "10001:10001"' in compose


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_hides_what_is_for_this_machine_alone(name: str) -> None:
    words = (DEPLOY / "proxy" / name).read_text("utf-8")
    assert [path for path in ("/metrics", "/healthz", "/readyz") if path not in words] == []
    assert words.count("{") == words.count("}")
    assert "127.0.0.1:8000" in words


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_reads_its_sample(tmp_path: Path) -> None:
    key, cert = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subject = ("-subj", "/CN=duban.example.gov.cn", "-days", "2")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject)
    assert run(*made, "-keyout", str(key), "-out", str(cert)).returncode == 0
    words = (DEPLOY / "proxy" / "Caddyfile").read_text("utf-8")
    (tmp_path / "Caddyfile").write_text(words.replace("/etc/ssl/duban", str(tmp_path)), "utf-8")
    caddy = str(shutil.which("caddy"))
    config = ("--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile")
    found = run(caddy, "validate", *config, HOME=str(tmp_path))
    assert found.returncode == 0, found.stderr
    assert "Valid configuration" in found.stdout + found.stderr


@pytest.mark.parametrize("base", ["FROM", "COPY"])
def test_the_container_stands_on_glibc_and_copies_what_is_there(base: str) -> None:
    words = (DEPLOY / "container" / "Containerfile").read_text("utf-8")
    named = re.findall(rf"^{base} (.+)$", words, re.MULTILINE)
    assert named != []
    if base == "FROM":
        assert [one for one in named if re.search("alpine|musl", one)] == []
        return
    for one in named:
        parts = [part for part in one.split() if not part.startswith("--")]
        if "--from=" not in one:
            assert [part for part in parts[:-1] if not (HOME / part).exists()] == []


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle as far as the installer looks before it installs."""
    place = tmp_path / "duban"
    place.mkdir()
    shutil.copy(DEPLOY / "install.sh", place / "install.sh")
    (place / "VERSION").write_text("1.2.3\n", "utf-8")
    sums = subprocess.run(
        ["sha256sum", "VERSION", "install.sh"], check=True, capture_output=True, cwd=place
    )
    (place / "SHA256SUMS").write_bytes(sums.stdout)
    return place


def test_the_installer_touches_nothing_when_a_byte_was_changed(
    bundle: Path, tmp_path: Path
) -> None:
    (bundle / "VERSION").write_text("1.2.4\n", "utf-8")
    ended = run("sh", str(bundle / "install.sh"), PREFIX=str(tmp_path / "opt"))
    assert ended.returncode == 1
    assert "离线包不完整或被改动" in ended.stderr
    assert not (tmp_path / "opt").exists()


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("getconf=echo glibc 2.27", "glibc 2.27 太旧"),
        ("getconf=exit 1", "没有 glibc"),
        ("uname=echo riscv64", "这不是 Linux"),
    ],
)
def test_the_installer_says_what_is_missing_and_what_to_do(
    bundle: Path, tmp_path: Path, says: str, words: str
) -> None:
    tool, _, does = says.partition("=")
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / tool).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
    (odd / tool).chmod(0o755)
    path = f"{odd}:/usr/sbin:/usr/bin:/sbin:/bin"
    ended = run("sh", str(bundle / "install.sh"), PREFIX=str(tmp_path / "opt"), PATH=path)
    assert ended.returncode == 1
    assert words in ended.stderr
    assert "怎么办: " in ended.stderr
    assert not (tmp_path / "opt").exists()


@pytest.mark.parametrize(("has", "needs"), [("2.28", True), ("2.9", False), ("2.41", True)])
def test_versions_are_compared_by_number(has: str, needs: bool) -> None:
    words = (DEPLOY / "install.sh").read_text("utf-8")
    function = words[words.index("at_least() {") : words.index("\ncase $wish")]
    assert run("sh", "-c", f"{function}\nat_least {has} 2.28").returncode == (0 if needs else 1)
