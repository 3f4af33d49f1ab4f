"""Serves the application over HTTP with uvicorn and httptools."""

import asyncio
import signal
import socket

import uvicorn

from bot.asgi import Application, Receive, Scope, Send
from bot.patience import Patience, protocol

GRACE_SECONDS = 10  # how long open requests may take at the end
_BACKLOG = 2048

Server = uvicorn.Server
_PATIENCE = Patience()
_STOPPING = "duban.stopping"  # the key under which ASGI scopes carry it


def build_server(
    app: Application, *, host: str, port: int, patience: Patience = _PATIENCE
) -> uvicorn.Server:
    """Return a server, not yet running; `run()` serves until a signal, `should_exit` ends it.

    Each request can wait for `stopping(scope)`: one that would stay open for hours has to.
    """

    async def knowing(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("extensions", {})[_STOPPING] = server.ends
        await app(scope, receive, send)

    config = uvicorn.Config(
        knowing,
        host=host,
        port=port,
        http=protocol(patience),
        ws="none",  # nothing here speaks it
        access_log=False,  # addresses carry signatures, and it costs half the speed
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # believed from a configured proxy only (A13)
        backlog=_BACKLOG,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    return server


class _Server(uvicorn.Server):
    """Says that it ends before it waits for the requests that are open."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ends = asyncio.Event()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.ends.set()
        await super().shutdown(sockets)


def stopping(scope: Scope) -> asyncio.Event:
    """Return what is set as soon as the server that this request came in by is to end."""
    ends = scope.get("extensions", {}).get(_STOPPING)
    return ends if isinstance(ends, asyncio.Event) else asyncio.Event()


def serve_out(server: uvicorn.Server, listening: socket.socket | None = None) -> bool:
    """Serve until a signal ends it, and return, so that what is at hand can be finished.

    Once it has shut down, uvicorn raises the signal again; SIGTERM would then end the process on
    the spot, with messages on the wire and leases held.

    Args:
        server: not yet running.
        listening: a bound socket that outlives the server, so that callers wait meanwhile.

    Returns:
        Whether a signal has ended it.
    """
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    try:
        server.run(sockets=[listening.dup()] if listening is not None else None)
    finally:
        signal.signal(signal.SIGTERM, before)
    return bool(told)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens: who calls before somebody serves waits in its queue.

    Raises:
        OSError: the port is taken, or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(_BACKLOG)
        bound.set_inheritable(False)
    except OSError:
        bound.close()
        raise
    return bound


def free_port() -> int:
    """Return a port of this machine that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
