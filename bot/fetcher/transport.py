"""One request to one vetted address: the only file that knows httpcore."""

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpcore
from httpcore import SOCKET_OPTION

from bot.fetcher.public_ip import is_public_ip

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
FAULTS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    OSError,
    zlib.error,
    UnicodeError,  # a host no resolver takes
)
_AGENT = "Mozilla/5.0 (compatible; duban link preview)"


class RefusedError(OSError):
    """The host, port or address is not one we connect to."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes. All parts are ASCII and come from our own parser."""

    scheme: str
    host: str  # an IPv6 address stands in brackets
    port: int
    path: str  # with query

    @property
    def url(self) -> str:
        """The address as text."""
        standard = {"http": 80, "https": 443}[self.scheme]
        port = "" if self.port == standard else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of a response; `chunks` yields its body decoded, a little at a time."""

    status: int
    headers: dict[str, str]
    chunks: AsyncIterator[bytes]


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses the system's resolver gives for `host`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(entry[4][0]) for entry in found)


class VettedBackend(httpcore.AsyncNetworkBackend):
    """Resolves once, refuses a host with any address that is not public, dials what was vetted."""

    def __init__(
        self, ports: frozenset[int], resolver: Resolve, dial: httpcore.AsyncNetworkBackend
    ) -> None:
        self._ports = ports
        self._resolve = resolver
        self._dial = dial

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to `host`, or raise RefusedError before any packet leaves."""
        if port not in self._ports:
            raise RefusedError("port")
        addresses = await self._resolve(host.strip("[]"), port)
        if not addresses or not all(is_public_ip(address) for address in addresses):
            raise RefusedError("address")
        stream = await self._dial.connect_tcp(
            addresses[0], port, timeout, local_address, socket_options
        )
        peer = stream.get_extra_info("server_addr")
        if not peer or not is_public_ip(str(peer[0])):
            await stream.aclose()
            raise RefusedError("peer")
        return stream


@dataclass(frozen=True, slots=True)
class Network:
    """How the outside is reached; tests put their own internet here."""

    ports: frozenset[int] = frozenset({80, 443})
    resolver: Resolve = resolve
    dial: httpcore.AsyncNetworkBackend | None = None
    tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def get(self, target: Target) -> AsyncIterator[Answer]:
        """Ask for one page: no cookies, no credentials, no proxy, no redirect followed."""
        backend = VettedBackend(self.ports, self.resolver, self.dial or httpcore.AnyIOBackend())
        async with (
            httpcore.AsyncConnectionPool(network_backend=backend, ssl_context=self.tls) as pool,
            pool.stream("GET", _url(target), headers=_headers(target)) as response,
        ):
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            coding = headers.get("content-encoding", "identity").lower()
            yield Answer(response.status, headers, _decoded(response.aiter_stream(), coding))


def _url(target: Target) -> httpcore.URL:
    return httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.strip("[]").encode(),
        port=target.port,
        target=target.path.encode(),
    )


def _headers(target: Target) -> list[tuple[str, str]]:
    host = target.url.split("/", 3)[2]
    return [
        ("Host", host),
        ("User-Agent", _AGENT),
        ("Accept", "text/html"),
        ("Accept-Encoding", "gzip, identity"),
        ("Connection", "close"),
    ]


async def _decoded(raw: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    """Yield the body undone from its compression, never more than a little at once."""
    if coding in {"identity", ""}:
        async for chunk in raw:
            yield chunk
        return
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise RefusedError("coding")
    inflate = zlib.decompressobj(wbits=47)  # zlib or gzip, whichever the header says
    async for chunk in raw:
        rest = chunk
        while rest:
            yield inflate.decompress(rest, 65536)
            rest = inflate.unconsumed_tail
