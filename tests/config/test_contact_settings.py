"""[contacts]: optional, and whole where it is there."""

from pathlib import Path

import pytest

from config.checking import Table
from config.contact_settings import contact_settings
from config.secret import SecretReader


def read(folder: Path, written: dict[str, object] | None) -> tuple[object, list[str]]:
    faults: list[str] = []
    top = Table("duban.toml", {} if written is None else {"contacts": written}, faults)
    found = contact_settings(top, SecretReader(folder, faults, []))
    return found.values, faults


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in (("secret", "the secret"), ("token", "token"), ("aes", "A" * 43)):
        (tmp_path / name).write_text(value, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    return tmp_path


def test_contacts_may_be_left_out(folder: Path) -> None:
    assert read(folder, None) == ((None, None, None), [])


def test_a_secret_alone_reads_and_hears_nothing(folder: Path) -> None:
    assert read(folder, {"secret_file": "secret"}) == (("the secret", None, None), [])


def test_with_its_callback_it_hears_too(folder: Path) -> None:
    written: dict[str, object] = {
        "secret_file": "secret",
        "token_file": "token",
        "aes_key_file": "aes",
    }
    assert read(folder, written) == (("the secret", "token", "A" * 43), [])


def test_half_a_callback_and_a_wrong_name_are_named(folder: Path) -> None:
    _, faults = read(folder, {"secret_file": "secret", "token_file": "token", "corp": "x"})
    assert len(faults) == 2
    assert "不认识 corp" in faults[0]
    assert "缺少通讯录回调的 EncodingAESKey" in faults[1]


def test_keys_that_cannot_be_right_are_named_before_the_start(folder: Path) -> None:
    (folder / "token").write_text("with space", encoding="utf-8")
    (folder / "aes").write_text("A" * 42, encoding="utf-8")
    written: dict[str, object] = {
        "secret_file": "secret",
        "token_file": "token",
        "aes_key_file": "aes",
    }
    _, faults = read(folder, written)
    assert [fault.split(" 应为")[0] for fault in faults] == [
        "通讯录回调的 Token",
        "通讯录回调的 EncodingAESKey",
    ]
