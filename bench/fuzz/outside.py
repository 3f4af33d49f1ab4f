"""Requests of which nothing may come: forged, misdirected, misshapen, too large."""

import base64
import json

from bench.fuzz.inside import Spoilt
from bench.fuzz.messages import NOW, Shot, http, xml_of
from tests.support.edge import APP, ROBOT, ROBOT_SEAL
from tests.support.sealing import CORP_ID, Seal, envelope


class Hostile(Spoilt):
    """Makes requests that the door must turn away."""

    def _whole(self) -> tuple[Seal, str, str, str]:
        """A good message, to be spoilt: seal, sealed message, nonce, query."""
        seal, nonce = Seal(), self._nonce()
        fields, _ = self._xml(Content=self._text())
        sealed = seal.encrypt(xml_of(fields))
        return seal, sealed, nonce, seal.query(sealed, str(NOW), nonce)

    def _unsigned(self) -> Shot:
        _, sealed, nonce, query = self._whole()
        way = self._dice.randrange(4)
        if way == 0:
            place = self._dice.randrange(len(sealed))
            other = "A" if sealed[place] != "A" else "B"
            sealed = sealed[:place] + other + sealed[place + 1 :]
        elif way == 1:
            query = query.replace(nonce, self._nonce() + "0")
        elif way == 2:
            query = query.replace(str(NOW), str(NOW + 1))
        else:
            query = f"msg_signature={'0' * 40}&timestamp={NOW}&nonce={nonce}"
        return _refused("wrong signature", query, envelope(sealed), 403)

    def _wrong_receiver(self) -> Shot:
        other = self._dice.choice(("wx0000000000000000", "", CORP_ID.upper(), CORP_ID + "x"))
        seal = Seal(receive_id=other)
        fields, _ = self._xml(Content="待办")
        sealed = seal.encrypt(xml_of(fields))
        query = seal.query(sealed, str(NOW), self._nonce())
        return _refused("wrong receiveid", query, envelope(sealed), 403)

    def _other_keys(self) -> Shot:
        seal = self._dice.choice((Seal(aes_key="B" * 43), ROBOT_SEAL))
        sealed = seal.encrypt(xml_of(self._xml(Content="待办")[0]))
        query = seal.query(sealed, str(NOW), self._nonce())
        return _refused("another's keys", query, envelope(sealed), 400, 403)

    def _damaged(self) -> Shot:
        """Cipher text that is signed and no message."""
        seal = Seal()
        raw = self._dice.randbytes(16 * self._dice.randrange(1, 40))
        other = (base64.b64encode(raw[:-1]).decode(), "AAAA", "====", "A" * 5001)
        sealed = seal.encrypt_raw(raw) if self._dice.random() < 0.6 else self._dice.choice(other)
        query = seal.query(sealed, str(NOW), self._nonce())
        return _refused("broken cipher text", query, envelope(sealed), 400, 403)

    def _query(self) -> Shot:
        _, sealed, nonce, query = self._whole()
        spoilt = (
            f"{query}&nonce={nonce}",
            query.replace("nonce=", "nonce=%00"),
            query.replace("nonce=", "nonce[]="),
            query.replace("msg_signature=", "msg_signature=%0d%0aX:"),
            query.replace("timestamp=", "timestamp=-"),
            f"{query}&" + "&".join(f"a{n}=1" for n in range(40)),
            f"{query}&x={'y' * 5000}",
            "",
            "&" * 100,
            query.split("&")[0],
            query.upper(),
        )
        return _refused("query", self._dice.choice(spoilt), envelope(sealed), 400, 403)

    def _outside(self) -> Shot:
        _, sealed, _, query = self._whole()
        body = envelope(sealed)
        spoilt = (
            envelope(sealed, to_user="wx0000000000000000"),
            envelope(sealed, agent_id="9"),
            body + b"x",
            body[:-3],
            body.replace(b"</Encrypt>", b"</Encrypt><Encrypt>AAAA</Encrypt>"),
            body.replace(b"<xml>", b"<xml a='1'>"),
            body.decode().encode("utf-16"),
            b"\xef\xbb\xbf" + body,
            body.replace(b"CDATA", b"cdata"),
            b"",
        )
        return _refused("envelope", query, self._dice.choice(spoilt), 400, 403)

    def _bombs(self) -> Shot:
        _, _, _, query = self._whole()
        levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
        bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><xml><Encrypt>&l8;</Encrypt></xml>'
        deep = self._dice.choice((bomb.encode(), b"<a>" * 20_000, b"<xml>" + b"<Encrypt>" * 7000))
        return _refused("bomb outside", query, deep, 400)

    def _sizes(self) -> Shot:
        _, _, _, query = self._whole()
        path = f"{APP}?{query}"
        way = self._dice.randrange(4)
        if way == 0:
            body = self._dice.randbytes(self._dice.choice((65_535, 65_536)))
            return _refused("64 kB", query, body, 400)
        if way == 1:
            return Shot("over 64 kB", http(path, b"x" * 65_537), frozenset((413, 0)))
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\n"
        declared = self._dice.choice(("100000000", "9" * 15))
        if way == 2:
            head += f"Content-Length: {declared}\r\n\r\n"
            return Shot("declared 100 MB", head.encode(), frozenset((413, 400, 0)))
        chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        request = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk * 6 + b"0\r\n\r\n"
        return Shot("chunks", request, frozenset((413, 0)))

    def _methods(self) -> Shot:
        _, sealed, _, query = self._whole()
        method = self._dice.choice(("PUT", "DELETE", "PATCH", "OPTIONS", "GET"))
        status = 403 if method == "GET" else 405
        request = http(f"{APP}?{query}&echostr=AAAA", envelope(sealed), method)
        return Shot("method", request, frozenset((status,)))

    def _captured(self) -> Shot:
        """A good message sent as echostr must not be read out."""
        seal, nonce = Seal(), self._nonce()
        sealed = seal.encrypt(xml_of(self._xml(Content="待办")[0]))
        path = f"{APP}?{seal.query(sealed, str(NOW), nonce)}&echostr={sealed}"
        return Shot("message as echostr", http(path, b"", "GET"), frozenset((403,)))

    def _wrong_address(self) -> Shot:
        _, sealed, _, query = self._whole()
        if self._dice.random() < 0.5:
            body = json.dumps({"encrypt": sealed}).encode()
            return Shot("wrong address", http(f"{ROBOT}?{query}", body), frozenset((403,)))
        sealed = ROBOT_SEAL.encrypt(b"{}")
        query = ROBOT_SEAL.query(sealed, str(NOW), self._nonce())
        return _refused("wrong address", query, envelope(sealed), 403)

    def _json_outside(self) -> Shot:
        query = ROBOT_SEAL.query("AAAA", str(NOW), self._nonce())
        bodies = (
            b"[" * 30_000,
            b'{"encrypt":' * 5000,
            b'{"encrypt":"AAAA","encrypt":"AAAA"}',
            b'{"encrypt":NaN}',
            b'{"encrypt":"\\ud800"}',
            b'{"encrypt":1' + b"0" * 5000 + b"}",
            b'{"encrypt":{"encrypt":"AAAA"}}',
            b'{"encrypt":null}',
            b"\xff{}",
            b"null",
            b"",
        )
        body = self._dice.choice(bodies)
        return Shot("JSON outside", http(f"{ROBOT}?{query}", body), frozenset((400,)))

    def _garbage(self) -> Shot:
        """No HTTP, or nearly."""
        spoilt = (
            self._dice.randbytes(200) + b"\r\n\r\n",
            b"POST " + APP.encode() + b" HTTP/9.9\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            b"GET /\x00 HTTP/1.1\r\n\r\n",
            http(f"{APP}/../..%2f..%2fetc/passwd", b""),
            http("/" + "a" * 3000, b""),
            http(APP, b"", extra=b"X: " + b"y" * 9000 + b"\r\n"),
        )
        allowed = frozenset((0, 400, 403, 404, 405, 413, 431))
        return Shot("no HTTP", self._dice.choice(spoilt), allowed)


def _refused(kind: str, query: str, body: bytes, *statuses: int) -> Shot:
    return Shot(kind, http(f"{APP}?{query}", body), frozenset(statuses))
