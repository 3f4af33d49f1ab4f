"""The fetcher against the hostile: rows D01 to D10 and D12 to D13 of the attack plan."""

import asyncio
import itertools
import socket
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from bot.fetcher.fetch import Fetcher, Limits
from bot.fetcher.public_ip import is_public_ip
from bot.fetcher.transport import Network
from tests.support.internet import PUBLIC, Internet, redirect, response, zipped

T = TypeVar("T")
GOOD = response("<title>积水</title>".encode(), "text/html; charset=utf-8")
QUICK = Limits(seconds=0.3)


def online(
    folder: Path,
    act: Callable[[Internet, Fetcher], Coroutine[None, None, T]],
    limits: Limits | None = None,
    short_hosts: frozenset[str] = frozenset(),
) -> tuple[Internet, T]:
    async def run() -> tuple[Internet, T]:
        internet = Internet()
        fetcher = Fetcher(short_hosts, limits or Limits(), await internet.open(folder))
        try:
            return internet, await act(internet, fetcher)
        finally:
            await internet.close()

    return asyncio.run(run())


def title(
    folder: Path, url: str, pages: dict[str, bytes], limits: Limits | None = None
) -> tuple[Internet, str | None]:
    async def act(internet: Internet, fetcher: Fetcher) -> str | None:
        internet.pages.update(pages)
        preview = await fetcher.preview(url)
        return preview.title if preview else None

    return online(folder, act, limits)


@pytest.fixture
def inside() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Listeners on 127.0.0.1 and ::1, at one port, that must never be knocked at."""
    with socket.create_server(("127.0.0.1", 0)) as four:
        port = four.getsockname()[1]
        with socket.create_server(("::1", port), family=socket.AF_INET6) as six:
            four.setblocking(False)  # noqa: FBT003 - the signature is socket's
            six.setblocking(False)  # noqa: FBT003
            yield four, six
            for listener in (four, six):
                with pytest.raises(BlockingIOError):
                    listener.accept()


SPELLINGS = (
    "127.0.0.1 localhost [::1] 0.0.0.0 2130706433 0x7f.1 0177.0.0.1 127.1 [::] 0 0x7f000001 "
    "\uff11\uff12\uff17.0.0.1 127\u30020.0.1 017700000001 [::ffff:127.0.0.1] [64:ff9b::7f00:1] "
    "[2002:7f00:1::] [::127.0.0.1] [fec0::1] 169.254.169.254 169.254.0.23 100.100.100.200 "
    "localhost. LOCALHOST 127.0.0.1. %31%32%37.0.0.1"
)


def generated() -> list[str]:
    """Spellings of 127.x.y.z: each part decimal, octal or hexadecimal, one to four parts."""
    styles = ("{}", "0{:o}", "0x{:x}", "0x{:08X}")
    found = []
    for last in range(1, 13):
        for first, other in itertools.product(styles, styles):
            end = other.format(last)
            found += [
                f"{first.format(127)}.{other.format(0)}.0.{end}",
                f"{first.format(127)}.{end}",
                f"{first.format(127)}.0.{end}",
                first.format(0x7F000000 + last),
                f"[::ffff:7f00:{last:x}]",
                f"[0:0:0:0:0:ffff:127.0.0.{last}]",
            ]
    return found


def test_d01_d02_d03_no_spelling_of_an_inner_address_is_connected_to(
    inside: tuple[socket.socket, socket.socket],
) -> None:
    port = inside[0].getsockname()[1]
    fetcher = Fetcher(network=Network(ports=frozenset({port})))
    spellings = SPELLINGS.split() + generated()
    assert len(spellings) > 1000

    async def all_of_them() -> list[object]:
        return [await fetcher.preview(f"http://{host}:{port}/") for host in spellings]

    assert set(asyncio.run(all_of_them())) == {None}


def test_d04_a_name_that_turns_inward_on_the_second_query_reaches_only_the_vetted_address(
    tmp_path: Path,
) -> None:
    async def act(internet: Internet, fetcher: Fetcher) -> object:
        internet.names["turn.example"] = [(PUBLIC,), ("127.0.0.1",)]
        internet.pages["turn.example/"] = GOOD
        return [await fetcher.preview("http://turn.example/") for _ in range(2)]

    internet, found = online(tmp_path, act)
    assert [preview is None for preview in found] == [False, True]  # type: ignore[attr-defined]
    assert internet.dialled == [PUBLIC]


@pytest.mark.parametrize(
    "addresses", [(PUBLIC, "10.0.0.1"), ("10.0.0.1", PUBLIC), ("fe80::1", PUBLIC), ()]
)
def test_d05_a_name_with_one_inner_address_is_refused_whole(
    tmp_path: Path, addresses: tuple[str, ...]
) -> None:
    async def act(internet: Internet, fetcher: Fetcher) -> object:
        internet.names["mixed.example"] = [addresses]
        return await fetcher.preview("http://mixed.example/")

    internet, found = online(tmp_path, act)
    assert (found, internet.dialled) == (None, [])


def test_a_network_that_leads_elsewhere_is_left(tmp_path: Path) -> None:
    async def act(internet: Internet, fetcher: Fetcher) -> object:
        internet.peer = "10.0.0.1"
        internet.pages["good.example/"] = GOOD
        return await fetcher.preview("http://good.example/")

    internet, found = online(tmp_path, act)
    assert (found, internet.asked) == (None, [])


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/",
        "//[::1]/",
        "http://0x7f.1/",
        "file:///etc/passwd",
        "gopher://good.example/",
        "ftp://good.example/",
        "data:text/html,<title>x</title>",
        "http://user:pw@good.example/",
        "http://good.example:22/",
        "http://xn--a/",
        "",
    ],
)
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_d06_a_redirect_is_vetted_like_the_first_address(
    tmp_path: Path, to: str, status: str
) -> None:
    internet, found = title(tmp_path, "http://a.example/", {"a.example/": redirect(to, status)})
    assert found is None
    assert all(is_public_ip(address) for address in internet.dialled)


def test_d06_d07_pages_that_redirect_by_themselves_are_read_and_not_followed(
    tmp_path: Path,
) -> None:
    body = (
        b'<title>x</title><meta http-equiv="refresh" content="0;url=http://127.0.0.1/">'
        b'<script>location="http://127.0.0.1/"</script>'
        b'<meta property="og:image" content="http://127.0.0.1/i.png">'
        b'<link rel=icon href="http://10.0.0.1/"><link rel="canonical" href="http://10.0.0.1/">'
        b'<link rel="alternate" type="application/json+oembed" href="http://10.0.0.1/">'
    )
    internet, found = title(tmp_path, "http://a.example/", {"a.example/": response(body)})
    assert (found, internet.asked) == ("x", ["a.example/"])


@pytest.mark.parametrize(("hops", "found"), [(2, "积水"), (3, "积水"), (4, None)])
def test_d06_three_redirects_are_followed_and_no_fourth(
    tmp_path: Path, hops: int, found: str | None
) -> None:
    pages = {f"a.example/{n}": redirect(f"/{n + 1}") for n in range(hops)}
    pages[f"a.example/{hops}"] = GOOD
    assert title(tmp_path, "http://a.example/0", pages)[1] == found


def test_a_page_behind_tls_is_read_with_its_own_name(tmp_path: Path) -> None:
    pages = {"good.example/": GOOD, "bad.example/": GOOD}
    assert title(tmp_path, "https://good.example/", pages)[1] == "积水"
    assert title(tmp_path, "https://bad.example/", pages)[1] is None  # not its certificate


def test_d06_a_redirect_from_https_to_http_is_refused(tmp_path: Path) -> None:
    pages = {"good.example/": redirect("http://good.example/2"), "good.example/2": GOOD}
    assert title(tmp_path, "https://good.example/", pages)[1] is None


def test_d08_only_html_with_status_200_is_read(tmp_path: Path) -> None:
    body = b"<title>x</title>"
    pages = {
        "a.example/audio": response(body, "audio/mpeg"),
        "a.example/none": response(body, ""),
        "a.example/error": response(body, status="500 Error"),
        "a.example/brotli": response(body, more="Content-Encoding: br\r\n"),
        "a.example/broken": response(b"\x1f\x8bxx", more="Content-Encoding: gzip\r\n"),
        "a.example/nothing": b"",
        "a.example/noise": b"\x00" * 100,
        "a.example/xhtml": response(body, "application/xhtml+xml; charset=utf-8"),
    }
    found = {name: title(tmp_path, f"http://{name}", pages)[1] for name in pages}
    assert {name for name, shown in found.items() if shown} == {"a.example/xhtml"}


def test_d08_a_bomb_is_undone_only_as_far_as_the_limit(tmp_path: Path) -> None:
    bomb = zipped(b"<title>bomb</title>" + b" " * 50_000_000)
    assert title(tmp_path, "http://a.example/", {"a.example/": bomb})[1] == "bomb"
    late = zipped(b" " * 300_000 + b"<title>late</title>")
    assert title(tmp_path, "http://a.example/", {"a.example/": late})[1] is None


def test_d08_a_length_that_lies_does_not_matter(tmp_path: Path) -> None:
    short = response(b"<title>x</title>", more="Content-Length: 99999\r\n")
    assert title(tmp_path, "http://a.example/", {"a.example/": short})[1] is None
    long = response(b"<title>x</title> more", more="Content-Length: 16\r\n")
    assert title(tmp_path, "http://a.example/", {"a.example/": long})[1] == "x"


def test_d08_an_endless_or_dripping_page_is_left_in_time(tmp_path: Path) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(response(b"<title>endless</title>"))
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async def dripping(writer: asyncio.StreamWriter) -> None:
        writer.write(response(b"<title>drip"))
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=0.02)

    async def act(internet: Internet, fetcher: Fetcher) -> tuple[object, object, float]:
        internet.pages |= {"a.example/endless": endless, "a.example/drip": dripping}
        first = await fetcher.preview("http://a.example/endless")
        clock = asyncio.get_running_loop()
        start = clock.time()
        second = await fetcher.preview("http://a.example/drip")
        return first, second, clock.time() - start

    _, (first, second, took) = online(tmp_path, act, QUICK)
    assert first is not None
    assert second is None
    assert took < 1


@pytest.mark.parametrize(
    "url",
    [
        "http://user:pw@a.example/",
        "http://a.example@127.0.0.1/",
        "http://127.0.0.1\\@a.example/",
        "http://a.example/\r\nX-Evil: 1",
        "http://a.example/\x00",
        "http://a.example/" + "x" * 8000,
        "http://a.example:22/",
        "ftp://a.example/",
        "//a.example/",
        "a.example",
        "http://",
        "",
    ],
)
def test_d10_an_address_with_more_than_host_and_path_is_refused(tmp_path: Path, url: str) -> None:
    internet, found = title(tmp_path, url, {"a.example/": GOOD})
    assert (found, internet.dialled) == (None, [])


def test_a_host_no_resolver_takes_has_the_one_answer() -> None:
    assert asyncio.run(Fetcher().preview("http://" + "a" * 300 + ".example/")) is None


def test_d10_the_host_shown_is_the_punycode_host_really_contacted(tmp_path: Path) -> None:
    async def act(internet: Internet, fetcher: Fetcher) -> object:
        internet.pages["xn--wib-rdd1c.com/"] = GOOD
        preview = await fetcher.preview("http://w\u0435ib\u043e.com/")
        return preview.host if preview else None

    assert online(tmp_path, act)[1] == "xn--wib-rdd1c.com"


def test_d12_a_request_carries_no_cookie_and_ignores_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    pages = {
        "a.example/": response(b"", status="302 Found", more="Set-Cookie: a=1\r\nLocation: /2\r\n"),
        "a.example/2?q=1&x": GOOD,
    }
    pages["a.example/"] = redirect("/2?q=1&x")
    internet, found = title(tmp_path, "http://a.example/", pages)
    assert found == "积水"
    assert "cookie" not in "".join(internet.heads).lower()
    assert internet.dialled == [PUBLIC, PUBLIC]


def test_d13_every_failure_has_the_one_answer(tmp_path: Path) -> None:
    async def act(internet: Internet, fetcher: Fetcher) -> list[object]:
        internet.names["nowhere.example"] = [()]
        urls = ["http://nowhere.example/", "http://a.example/404", "http://127.0.0.1/", "ftp://x/"]
        return [await fetcher.preview(url) for url in urls]

    assert online(tmp_path, act)[1] == [None] * 4


def test_d13_a_closed_port_has_the_one_answer_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    async def resolver(_host: str, _port: int) -> tuple[str, ...]:
        return ("1.1.1.1",)

    class Closed(Internet):
        async def connect_tcp(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise ConnectionRefusedError(port)

    network = Network(ports=frozenset({port}), resolver=resolver, dial=Closed())
    assert asyncio.run(Fetcher(network=network).preview(f"http://a.example:{port}/")) is None


def test_a_short_link_is_expanded_at_short_hosts_only(tmp_path: Path) -> None:
    long = "https://www.a.example/video/1?x=2"

    async def act(internet: Internet, fetcher: Fetcher) -> list[str | None]:
        internet.pages |= {
            "s.example/ok": redirect(long),
            "s.example/twice": redirect("http://t.example/ok"),
            "t.example/ok": redirect(long),
            "s.example/page": GOOD,
            "s.example/loop": redirect("/loop"),
            "s.example/inside": redirect("http://127.0.0.1/"),
        }
        names = [
            "s.example/ok",
            "s.example/twice",
            "s.example/page",
            "s.example/loop",
            "b.example/ok",
        ]
        return [await fetcher.expand(f"http://{name}") for name in names]

    internet, found = online(tmp_path, act, None, frozenset({"s.example", "t.example"}))
    assert found == [long, long, None, None, None]
    assert not [asked for asked in internet.asked if asked.startswith(("www.", "b."))]


def test_a_short_form_on_a_platforms_own_host_is_known_by_its_path(tmp_path: Path) -> None:
    async def act(internet: Internet, fetcher: Fetcher) -> list[str | None]:
        internet.pages |= {"a.example/f/x": redirect("/video/1"), "a.example/v/x": redirect("/1")}
        return [await fetcher.expand(f"http://a.example/{path}") for path in ("f/x", "v/x")]

    internet, found = online(tmp_path, act, None, frozenset({"a.example/f/"}))
    assert found == ["http://a.example/video/1", None]
    assert internet.asked == ["a.example/f/x"]


def test_where_a_short_link_leads_is_not_asked_even_inside(tmp_path: Path) -> None:
    async def act(internet: Internet, fetcher: Fetcher) -> tuple[str | None, str | None]:
        internet.pages["s.example/in"] = redirect("http://127.0.0.1/")
        return await fetcher.expand("http://s.example/in"), await fetcher.expand("ftp://s.example")

    internet, found = online(tmp_path, act, None, frozenset({"s.example"}))
    assert found == ("http://127.0.0.1/", None)
    assert internet.dialled == [PUBLIC]
