"""Serves the application over HTTP with uvicorn and httptools."""

import signal
import socket

import uvicorn

from bot.asgi import Application

GRACE_SECONDS = 10  # how long open requests may take at the end
_BACKLOG = 2048


def build_server(app: Application, *, host: str, port: int) -> uvicorn.Server:
    """Return a server, not yet running; `run()` serves until a signal, `should_exit` ends it."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        access_log=False,  # addresses carry signatures, and it costs half the speed
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # believed from a configured proxy only (A13)
        backlog=_BACKLOG,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return uvicorn.Server(config)


def serve_out(server: uvicorn.Server) -> None:
    """Serve until a signal ends it, and return, so that what is at hand can be finished.

    Once it has shut down, uvicorn raises the signal again; SIGTERM would then end the process on
    the spot, with messages on the wire and leases held.
    """
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        server.run()
    finally:
        signal.signal(signal.SIGTERM, before)


def free_port() -> int:
    """Return a port of this machine that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
