"""A token in the database is of use only to who holds the app's secret."""

import pytest

from bot.wecom.token_seal import TokenSeal


def test_g01_a_stored_token_is_read_with_the_secret_and_with_no_other() -> None:
    sealed = TokenSeal("secret").seal("the-token")
    assert "the-token" not in sealed
    assert TokenSeal("secret").open(sealed) == "the-token"
    assert TokenSeal("Secret").open(sealed) == ""
    assert TokenSeal("secret").seal("the-token") != sealed


@pytest.mark.parametrize("stored", ["", "the-token", "AAAA", "督办", "A" * 64])
def test_what_was_never_sealed_is_no_token(stored: str) -> None:
    assert TokenSeal("secret").open(stored) == ""
