"""A small internet for tests: names, public addresses, one server behind them, and a dial log."""

import asyncio
import datetime as dt
import gzip
import ipaddress
import ssl
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from httpcore import SOCKET_OPTION

from bot.fetcher.transport import Network

PUBLIC = "93.184.216.34"
Page = Callable[[asyncio.StreamWriter], Awaitable[None]]


def response(
    body: bytes, kind: str = "text/html", *, status: str = "200 OK", more: str = ""
) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n{more}\r\n"
    return head.encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return response(b"", status=status, more=f"Location: {to}\r\n")


def zipped(body: bytes) -> bytes:
    return response(gzip.compress(body), more="Content-Encoding: gzip\r\n")


class _Named(httpcore.AsyncNetworkStream):
    """A stream that says it reached the address that was dialled."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, peer: str) -> None:
        self._stream = stream
        self._peer = peer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        inner = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Named(inner, self._peer)

    def get_extra_info(self, info: str) -> object:
        return (self._peer, 0) if info == "server_addr" else self._stream.get_extra_info(info)


class Internet(httpcore.AsyncNetworkBackend):
    """Names and pages of a test; every address dialled is written down."""

    def __init__(self) -> None:
        self.names: dict[str, list[tuple[str, ...]]] = {}  # answers of the resolver, in order
        self.pages: dict[str, bytes | Page] = {}  # by host and path
        self.dialled: list[str] = []
        self.asked: list[str] = []  # host and path of each request that arrived
        self.heads: list[str] = []
        self.peer: str | None = None  # what a dishonest network says it connected to
        self._ports: dict[int, int] = {}
        self._servers: list[asyncio.Server] = []
        self._talks: list[asyncio.Task[None]] = []
        self.trust: ssl.SSLContext | None = None

    async def open(self, folder: Path) -> Network:
        mine, self.trust = _certificate(folder)
        for port, tls in ((80, None), (443, mine)):
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
            self._ports[port] = server.sockets[0].getsockname()[1]
            self._servers.append(server)
        return Network(resolver=self.resolve, dial=self, tls=self.trust)

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def resolve(self, host: str, _port: int) -> tuple[str, ...]:
        try:
            return (str(ipaddress.ip_address(host)),)
        except ValueError:
            answers = self.names.get(host, [(PUBLIC,)])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,  # noqa: ARG002 - the signature is httpcore's
        socket_options: Iterable[SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        stream = await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self._ports[port], timeout)
        return _Named(stream, self.peer or host)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.append(talk)
        try:
            await self._talk(reader, writer)
            writer.close()
            await writer.wait_closed()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            writer.close()  # the fetcher hung up, as it should

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        host = next(x[6:] for x in head.split("\r\n") if x.lower().startswith("host: "))
        self.asked.append(host + path)
        self.heads.append(head)
        page = self.pages.get(host + path, response(b"", status="404 Not Found"))
        if isinstance(page, bytes):
            writer.write(page)
            await writer.drain()
        else:
            await page(writer)


def _certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "good.example")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain, private)
    return server, ssl.create_default_context(cafile=str(chain))
