"""One JSON object in, one JSON object out, line by line: the frame of the `--jsonl` commands."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import IO

Record = Mapping[str, object]


class BadLineError(Exception):
    """What is wrong with one input line, in words for the person who wrote it."""


def required_text(record: Record, name: str) -> str:
    """Return the text field `name`.

    Raises:
        BadLineError: the field is missing or is no text.
    """
    value = record.get(name)
    if value is None:
        raise BadLineError(f"缺少 {name}")
    if not isinstance(value, str):
        raise BadLineError(f"{name} 应为文本")
    return value


def optional_text(record: Record, name: str) -> str:
    """Return the text field `name`, or "" where it is absent or null.

    Raises:
        BadLineError: the field is there but is no text.
    """
    return "" if record.get(name) is None else required_text(record, name)


def _parse(line: str) -> Record:
    if not line.strip():
        raise BadLineError("空行")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError("不是有效的 JSON") from error
    if not isinstance(record, dict):
        raise BadLineError("应为一个 JSON 对象")
    return record


def run(source: Iterable[bytes], sink: IO[str], answer: Callable[[Record], Record]) -> int:
    """Answer every line in order, flushing each; return 0, or 1 if any line was an error.

    Args:
        source: lines of UTF-8 as bytes, so that a broken one is answered like the others.
        sink: where the answers go, one JSON object a line.
        answer: what one record is answered with; raises BadLineError for a record it cannot use.
    """
    status = 0
    for number, raw in enumerate(source, start=1):
        try:
            reply = answer(_parse(raw.decode("utf-8-sig" if number == 1 else "utf-8")))
        except UnicodeDecodeError:
            reply, status = {"error": f"第 {number} 行: 不是 UTF-8 文本"}, 1
        except BadLineError as error:
            reply, status = {"error": f"第 {number} 行: {error}"}, 1
        text = json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
        sink.write(text + "\n")
        sink.flush()
    return status
