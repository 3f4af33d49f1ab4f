"""The fetcher's own process: one request on stdin, one answer on stdout, then it ends."""

import asyncio
import json
import resource
import sys
from dataclasses import asdict

from bot.fetcher.fetch import Fetcher

_MEMORY = 1 << 30  # bytes of address space
_PROCESSOR = 5  # seconds


def main() -> None:
    """Answer the request {"url", "expand", "short_hosts"}."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR, _PROCESSOR))
    request = json.load(sys.stdin)
    fetcher = Fetcher(short_hosts=frozenset(request["short_hosts"]))
    if request["expand"]:
        answer: object = asyncio.run(fetcher.expand(request["url"]))
    else:
        preview = asyncio.run(fetcher.preview(request["url"]))
        answer = asdict(preview) if preview else None
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
