"""One page's preview, or where a short link leads. Whatever goes wrong, the answer is None."""

import asyncio
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bot.fetcher.page import Preview, read_page
from bot.fetcher.transport import FAULTS, Answer, Network, RefusedError, Target
from cases.link_rules import hosts_of
from cases.web_address import parse_address

_SCHEME = re.compile(r"(https?):", re.IGNORECASE)
_REDIRECTS = {301, 302, 303, 307, 308}
_HTML = {"text/html", "application/xhtml+xml"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may take (rule R18)."""

    seconds: float = 3.0  # in all, redirects included
    decoded_bytes: int = 256 * 1024
    redirects: int = 3
    url_bytes: int = 2048


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Reads public pages. A short link is expanded only at `short_hosts`: v.a.cn or a.cn/s/."""

    short_hosts: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    network: Network = field(default_factory=Network)

    async def preview(self, url: str) -> Preview | None:
        """Return what the page at `url` shows, None whatever the reason (D13)."""
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._preview(self._target(url))
        except FAULTS:
            return None

    async def expand(self, url: str) -> str | None:
        """Return the first address off the short hosts that `url` leads to, without asking it."""
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._expand(self._target(url))
        except FAULTS:
            return None

    async def _preview(self, target: Target) -> Preview | None:
        for _ in range(self.limits.redirects + 1):
            async with self.network.get(target) as answer:
                if answer.status not in _REDIRECTS:
                    return await self._read(answer, target.host)
                target = self._next(target, answer)
        return None

    async def _expand(self, target: Target) -> str | None:
        for _ in range(self.limits.redirects + 1):
            if not self._is_short(target):
                return None
            async with self.network.get(target) as answer:
                if answer.status not in _REDIRECTS:
                    return None
                target = self._next(target, answer)
            if not self._is_short(target):
                return target.url
        return None

    def _is_short(self, target: Target) -> bool:
        hosts = hosts_of(target.host)
        places = (place.partition("/") for place in self.short_hosts)
        return any(host in hosts and target.path.startswith(f"/{path}") for host, _, path in places)

    async def _read(self, answer: Answer, host: str) -> Preview | None:
        content_type = answer.headers.get("content-type", "")
        if answer.status != 200 or content_type.split(";")[0].strip().lower() not in _HTML:  # noqa: PLR2004
            return None
        body = bytearray()
        async for chunk in answer.chunks:
            body += chunk
            if len(body) >= self.limits.decoded_bytes:
                break
        return read_page(bytes(body[: self.limits.decoded_bytes]), content_type, host)

    def _next(self, target: Target, answer: Answer) -> Target:
        following = self._target(urljoin(target.url, answer.headers.get("location", "")))
        if target.scheme == "https" and following.scheme == "http":
            raise RefusedError("downgrade")
        return following

    def _target(self, url: str) -> Target:
        """Return where `url` points, as our own parser reads it.

        Raises:
            RefusedError: no plain http(s) address.
        """
        scheme = _SCHEME.match(url)
        if scheme is None or len(url.encode("utf-8", "replace")) > self.limits.url_bytes:
            raise RefusedError("url")
        if not url.isprintable():
            raise RefusedError("control character")
        address = parse_address(url)
        if address is None or address.had_credentials:
            raise RefusedError("url")
        query = "&".join(f"{name}={value}" if value else name for name, value in address.query)
        name = scheme[1].lower()
        return Target(
            scheme=name,
            host=address.host,
            port=int(address.port) if address.port else {"http": 80, "https": 443}[name],
            path=address.path + (f"?{query}" if query else ""),
        )
