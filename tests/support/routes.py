"""All addresses that an application answers, however its routers are nested."""

from collections.abc import Iterable, Iterator

from starlette.routing import BaseRoute


def addresses(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Each method and path; FastAPI keeps routers that were included as they are."""
    for route in routes:
        inside = getattr(route, "effective_candidates", None)
        if inside is not None:
            yield from addresses(inside())
            continue
        path, methods = getattr(route, "path", ""), getattr(route, "methods", None)
        yield from ((method, path) for method in sorted(methods or ()) if method != "HEAD")
