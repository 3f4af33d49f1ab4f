"""Which addresses one may connect to."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetcher.public_ip import is_public_ip

BAD = """0.0.0.0 127.0.0.1 127.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254
169.254.0.23 100.100.100.200 100.64.0.1 192.0.0.8 192.88.99.1 198.18.0.1 224.0.0.1 240.0.0.1
255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1
2002:7f00:1:: 2001::1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 ff02::1 5f00::1 2001:db8::1
localhost 127.1 2130706433 0x7f.1 evil.example"""
GOOD = [
    "93.184.216.34",
    "1.1.1.1",
    "223.5.5.5",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
]


@pytest.mark.parametrize("address", [*BAD.split(), ""])
def test_d01_d02_d03_an_address_inside_is_refused(address: str) -> None:
    assert not is_public_ip(address)


@pytest.mark.parametrize("address", GOOD)
def test_an_address_of_the_internet_is_allowed(address: str) -> None:
    assert is_public_ip(address)


@given(
    st.sampled_from(["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["{}", "::ffff:{}", "::{}", "64:ff9b::{}"]),
)
def test_d03_no_wrapping_makes_an_inner_address_public(
    net: str, number: int, wrapping: str
) -> None:
    network = ipaddress.IPv4Network(net)
    address = network[number % network.num_addresses]
    assert not is_public_ip(wrapping.format(address))
