"""One's devices are told apart by two words."""

import pytest

from bot.board.devices import device_in_words


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36", "Chrome · Windows 电脑"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Edg/156.0", "Edge · Windows 电脑"),
        ("Mozilla/5.0 (Linux; Android 15) wxwork/4.1 MicroMessenger/7", "企业微信 · 安卓手机"),
        ("Mozilla/5.0 (iPhone; CPU like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0", "Firefox · Linux 电脑"),
        ("curl/8", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_a_device_is_named(agent: str, words: str) -> None:
    assert device_in_words(agent) == words
