"""Whether an address belongs to the public internet (rule R18)."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# is_global lets these through (measured), or differs between versions of Python.
_REFUSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "100.64.0.0/10",  # carriers' NAT, and 100.100.100.200, a cloud's metadata
        "198.18.0.0/15",  # benchmarks, and proxies that answer DNS with made-up addresses
        "169.254.0.0/16",  # link-local, clouds' metadata
        "fec0::/10",  # site-local
        "64:ff9b:1::/48",  # local NAT64
        "::/96",  # IPv4-compatible
        "2002::/16",  # 6to4
        "2001::/32",  # Teredo
        "5f00::/16",  # SRv6
    )
)


def is_public_ip(text: str) -> bool:
    """Return whether one may connect to the address `text`; what does not parse is refused."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return _is_public(_unwrapped(address))


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address inside a mapped or NAT64 one."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if any(address.version == net.version and address in net for net in _REFUSED):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
    )
