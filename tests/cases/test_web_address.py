"""Addresses taken apart as browsers do."""

import pytest

from cases.web_address import parse_address


@pytest.mark.parametrize(
    "text", ["ftp://a.example/", "data:text/html,x", "http://./", "a", "", "\ud800"]
)
def test_what_no_browser_opens_as_a_page_is_no_address(text: str) -> None:
    assert parse_address(text) is None


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("http://127.1/", "127.0.0.1"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://WWW.A.example.:80/", "www.a.example"),
        ("https://a.example:8443/", "a.example:8443"),
        ("http://evil.example\\@a.example/", "evil.example"),
        ("https://[::FFFF:1.1.1.1]/", "[::ffff:101:101]"),
    ],
)
def test_the_host_is_the_one_that_would_be_contacted(text: str, site: str) -> None:
    address = parse_address(text)
    assert address is not None
    assert address.site == site
