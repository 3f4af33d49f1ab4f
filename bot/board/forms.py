"""Reading a form: bounded before anything is kept, its files bounded too."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field

from fastapi import Request, Response
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from bot.board.answers import StopError, notice
from cases.media_type import MOST_BYTES

MOST_FORM = 256 * 1024
MOST_UPLOAD = MOST_BYTES + 64 * 1024
_MOST_FIELDS = 60
_UNTYPED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it came."""

    values: Mapping[str, tuple[str, ...]]
    file: File | None = None

    def one(self, name: str) -> str:
        """Return the first value of a field, "" where there is none."""
        return next(iter(self.values.get(name, ())), "")


async def read_form(request: Request, most: int = MOST_FORM) -> Form:
    """Read a form, with a file or without.

    Raises:
        StopError: too large, broken, or of a kind no browser sends.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    chunks = _bounded(request, most)
    try:
        if kind == "multipart/form-data":
            parser = MultiPartParser(
                request.headers,
                chunks,
                max_files=1,
                max_fields=_MOST_FIELDS,
                max_part_size=MOST_FORM,
            )
            data = await parser.parse()
        elif kind == "application/x-www-form-urlencoded":
            data = await FormParser(request.headers, chunks).parse()
        else:
            raise StopError(_refused(415))
    except (MultiPartException, ValueError, KeyError, AssertionError):
        raise StopError(_refused(400)) from None
    return await _form(data)


async def _form(data: FormData) -> Form:
    values: dict[str, tuple[str, ...]] = {}
    file = None
    for name, value in data.multi_items()[:_MOST_FIELDS]:
        if isinstance(value, UploadFile):
            file = File(value.filename or "", await value.read())
        else:
            values[name] = (*values.get(name, ()), typed(value))
    await data.close()
    return Form(values, file)


def typed(value: str) -> str:
    """Return what of it a keyboard types; PostgreSQL takes no NUL."""
    return _UNTYPED.sub("", value.replace("\r\n", "\n"))


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise StopError(_refused(413))
        yield chunk


def _refused(status: int) -> Response:
    why = {
        400: "提交的内容不完整, 请返回重试。",
        413: "内容过大: 文件最多 10 MB, 请压缩或拆开后再传。",
        415: "这种提交方式督办不收。",
    }[status]
    return notice("没有提交", why, status)
