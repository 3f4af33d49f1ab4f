"""What WeCom signed is opened, everything else is refused in one and the same way."""

import ast
import base64
import inspect
import struct
from dataclasses import replace

import pytest

from bot.wecom import crypto
from bot.wecom.crypto import CallbackKeys, Keyring, RefusedError, Sealed
from tests.support.sealing import AES_KEY, CORP_ID, TOKEN, VECTORS, Seal

KEYS = CallbackKeys(TOKEN, AES_KEY, CORP_ID)
RING = Keyring([KEYS])
SEAL = Seal()


def sealed(encrypted: str, seal: Seal = SEAL) -> Sealed:
    return Sealed(encrypted, "1409659813", "n0nce", seal.sign("1409659813", "n0nce", encrypted))


def refusal(envelope: Sealed, ring: Keyring = RING) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        ring.open(envelope)
    return caught.value


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_every_official_vector_opens_to_its_message(vector: dict[str, str]) -> None:
    ring = Keyring(
        [CallbackKeys(vector["token"], vector["encoding_aes_key"], vector["receive_id"])]
    )
    given = Sealed(vector["encrypt"], vector["timestamp"], vector["nonce"], vector["msg_signature"])
    assert ring.open(given).decode() == vector["expect_msg"]


def test_a01_one_changed_digit_of_the_signature_is_refused() -> None:
    good = sealed(SEAL.encrypt(b"<xml></xml>"))
    digit = "0" if good.signature[7] != "0" else "1"
    bad = replace(good, signature=good.signature[:7] + digit + good.signature[8:])
    assert refusal(bad).status == 403


def test_a06_a_message_for_another_corp_is_refused() -> None:
    other = Seal(receive_id="ww0000000000000000")
    assert refusal(sealed(other.encrypt(b"<xml></xml>"))).status == 403


def test_a_longer_or_shorter_receiveid_is_refused() -> None:
    for receive_id in (CORP_ID[:-1], CORP_ID + "x", ""):
        encrypted = Seal(receive_id=receive_id).encrypt(b"<xml></xml>")
        assert refusal(sealed(encrypted)).status == 403


def damaged_ciphertexts() -> dict[str, str]:
    message = b"<xml></xml>"
    raw = base64.b64decode(SEAL.encrypt(message))
    head = b"r" * 16
    body = struct.pack(">I", len(message)) + message + CORP_ID.encode()
    cases = {f"cut by {n}": base64.b64encode(raw[:-n]).decode() for n in (1, 16, 31)}
    for block in range(len(raw) // 16):
        flipped = bytearray(raw)
        flipped[-1 - 16 * block] ^= 1
        cases[f"bit in block -{block}"] = base64.b64encode(flipped).decode()
    for pad in (0, 33, 255):
        filled = head + body
        cases[f"padding {pad}"] = SEAL.encrypt_raw(filled + bytes([pad]) * (32 - len(filled) % 32))
    cases["uneven padding"] = SEAL.encrypt_raw((head + body).ljust(63, b"\x07") + b"\x08")
    for length in (2**31, 2**32 - 1, 10_000):
        plain = head + struct.pack(">I", length) + message + CORP_ID.encode()
        count = 32 - len(plain) % 32
        cases[f"length {length}"] = SEAL.encrypt_raw(plain + bytes([count]) * count)
    cases["too short"] = SEAL.encrypt_raw(b"\x20" * 32)
    return cases


DAMAGED = damaged_ciphertexts()


@pytest.mark.parametrize("name", DAMAGED)
def test_a09_damage_under_a_right_signature_is_refused_without_telling_what(name: str) -> None:
    assert refusal(sealed(DAMAGED[name])).status in (400, 403)


def test_a09_a_length_of_zero_leaves_no_receiveid_that_fits() -> None:
    plain = b"r" * 16 + struct.pack(">I", 0) + b"<xml></xml>" + CORP_ID.encode()
    count = 32 - len(plain) % 32
    encrypted = SEAL.encrypt_raw(plain + bytes([count]) * count)
    assert refusal(sealed(encrypted)).status == 403


def test_a09_damage_under_the_old_signature_is_refused_as_unsigned() -> None:
    good = sealed(SEAL.encrypt(b"<xml></xml>"))
    for damaged in DAMAGED.values():
        assert refusal(replace(good, encrypted=damaged)).reason == "signature"


@pytest.mark.parametrize("junk", [" ", "\n", "!!", "\x00", "-_", "="])
def test_a10_junk_in_the_base64_is_refused(junk: str) -> None:
    encrypted = SEAL.encrypt(b"<xml></xml>")
    broken = encrypted[:20] + junk + encrypted[20:]
    assert refusal(sealed(broken)).status == 400


def test_a10_missing_padding_of_the_base64_is_refused() -> None:
    encrypted = SEAL.encrypt(b"<xml>1234</xml>")
    assert encrypted.endswith("=")
    assert refusal(sealed(encrypted.rstrip("="))).status == 400


def test_a12_signatures_are_compared_in_constant_time_and_in_no_other_way() -> None:
    tree = ast.parse(inspect.getsource(crypto))
    method = next(
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "is_signed"
    )
    calls = [ast.unparse(node.func) for node in ast.walk(method) if isinstance(node, ast.Call)]
    assert "hmac.compare_digest" in calls
    assert not any(isinstance(node, ast.Compare) for node in ast.walk(method))


def test_during_a_rotation_the_old_pair_still_opens() -> None:
    new = CallbackKeys("newtoken", "A" * 43, CORP_ID)
    both = Keyring([new, KEYS])
    assert both.open(sealed(SEAL.encrypt(b"old"))) == b"old"
    later = Seal("newtoken", "A" * 43)
    assert both.open(sealed(later.encrypt(b"new"), later)) == b"new"


def test_a_key_whose_last_character_has_bits_left_over_is_accepted() -> None:
    assert AES_KEY.endswith("C")  # C leaves two bits over, and one of them is set
    assert RING.open(sealed(SEAL.encrypt(b"x"))) == b"x"


@pytest.mark.parametrize(
    ("token", "key"),
    [
        ("", AES_KEY),
        ("t" * 33, AES_KEY),
        ("tok en", AES_KEY),
        (TOKEN, AES_KEY[:-1]),
        (TOKEN, "+" * 43),
    ],
)
def test_keys_that_cannot_be_right_are_named_to_the_operator(token: str, key: str) -> None:
    with pytest.raises(ValueError, match="管理后台"):
        CallbackKeys(token, key, CORP_ID)


def test_a_ring_without_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="至少需要一组"):
        Keyring([])


def test_the_keys_are_not_shown_when_printed() -> None:
    assert TOKEN not in repr(KEYS)
    assert AES_KEY not in repr(KEYS)
