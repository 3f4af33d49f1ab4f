"""A real HTTP server that outlives its applications: starting one takes longer than a test."""

import asyncio
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send


class Host:
    """One real HTTP server whose application is changed from test to test (starting takes time)."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        # Only with its protocol named does asyncio switch Nagle's 40 ms off for it.
        self._held = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._held.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._held.getsockname()[1]}"
        config = uvicorn.Config(
            self, lifespan="off", log_level="critical", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.call_soon(self._started.set)
        self._loop.run_until_complete(self._server.serve([self._held]))
        self._loop.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)

    @contextmanager
    def serving(self, app: ASGIApp) -> Iterator[str]:
        """Serve an application; yields the address."""
        lifespan = app.router.lifespan_context(app) if isinstance(app, FastAPI) else None
        if lifespan is not None:
            self._wait_for(lifespan.__aenter__())
        self._app = app
        yield self.url
        if lifespan is not None:
            self._wait_for(lifespan.__aexit__(None, None, None))

    def _wait_for(self, work: Coroutine[None, None, object]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def leave(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
