"""Callbacks that are signed by the right hand and wrong inside."""

import json

from bench.fuzz.messages import NOW, Fate, Messages, Shot, hashed, xml_of


class Spoilt(Messages):
    """Makes messages that the worker must set aside, or read as well as it can."""

    def _bomb_inside(self) -> Shot:
        fields, number = self._xml(MsgType="text", Content="&l8;")
        levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
        bombs = (
            f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>'.encode() + xml_of(fields),
            xml_of(fields).replace(b"<![CDATA[&l8;]]>", b"&l8;"),
            f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///{number}">]><xml>&e;</xml>'.encode(),
            f"<xml><!-- {number} --></xml>".encode(),
            f"<?xml version='1.1'?><xml>{number}</xml>".encode(),
        )
        plain = self._dice.choice(bombs)
        return self._sealed("entities inside", plain, Fate.QUARANTINED, hashed(plain))

    def _stale(self) -> Shot:
        moment = self._dice.choice((0, 1, NOW - 601, NOW + 601, 4_102_444_800))
        fields, number = self._xml(CreateTime=str(moment), Content="待办")
        return self._sealed("stale inside", xml_of(fields), Fate.QUARANTINED, f"app:218:{number}")

    def _nested(self) -> Shot:
        number = str(self._dice.getrandbits(60))
        shapes = (
            b"<a>" * 9000 + number.encode(),
            b"<xml>" + b"<a>" * 500 + number.encode() + b"</a>" * 500 + b"</xml>",
            b"<xml>" + b"<a>1</a>" * 3000 + number.encode() + b"</xml>",
            f"<xml><MsgId>{number}".encode("utf-16"),
            b"\xff\xfe\x00" + number.encode(),
            b"\x00" * 100 + number.encode(),
            number.encode() * 1500,
        )
        plain = self._dice.choice(shapes)
        return self._sealed("not XML inside", plain, Fate.QUARANTINED, hashed(plain))

    def _mutated(self) -> Shot:
        fields, _ = self._xml(**self._content())
        return self._sealed("damaged XML inside", self._damage(xml_of(fields)), Fate.EITHER)

    def _mutated_robot(self) -> Shot:
        message, _ = self._robot_message()
        name = self._dice.choice(list(message))
        odd: tuple[object, ...] = (
            None,
            -1,
            1e400,
            [],
            {},
            "\ud800",
            "\x00",
            [[[]]] * 50,
            True,
            "9" * 5000,
        )
        message[name] = self._dice.choice(odd)
        plain = json.dumps(message).encode()[:40_000]  # longer ones are tried outside
        if self._dice.random() < 0.5:
            plain = self._damage(plain)
        return self._sealed_robot("damaged JSON inside", plain, Fate.EITHER)

    def _damage(self, plain: bytes) -> bytes:
        """Up to four bytes changed, or a short piece doubled, cut out or put in."""
        data = bytearray(plain)
        for _ in range(self._dice.randrange(1, 5)):
            place = self._dice.randrange(len(data))
            piece = data[place : place + self._dice.randrange(1, 7)]
            way = self._dice.randrange(4)
            if way == 0:
                data[place] = self._dice.randrange(256)
            elif way == 1:
                data[place:place] = piece
            elif way == 2:
                del data[place : place + len(piece)]
            else:
                data[place:place] = self._dice.choice((b"]]>", b"&#0;", b"<", b"\x00", b"</xml>"))
        return bytes(data)
