"""What is fuzzed: the vendors' interface by its own description, and every page with its forms.

The pages are for people and have no description; here one is made of their routes, so that a new
page is fuzzed without a word. What a page may answer is written down once, for all of them.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI

from bot.api.reports import description
from tests.support.hostile import HOSTILE
from tests.support.routes import addresses

# Shown, led on, refused in words: as pages, never in the words of the framework. No 5xx.
ANSWERS = (200, 302, 303, 400, 401, 403, 404, 405, 409, 413, 415, 422)
_KINDS = (
    "text/html",
    "text/css",
    "text/javascript",
    "image/svg+xml",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/csv",
    "text/plain",
)
_LEFT_OUT = frozenset(
    {
        "/board/events",  # stays open: it has its own tests
        "/sign-out",  # would end all asking: it has its own tests
        "/api/reports",  # by its own description
        "/api/reports/openapi.json",
        *(
            "/docs",
            "/docs/oauth2-redirect",
            "/redoc",
            "/openapi.json",
        ),  # of the test's server alone
    }
)
# Whatever any page asks for in its address; an address may hold more than its page knows.
_ASKED = (
    *("nth", "show", "q", "level", "unit", "platform", "wall", "period", "from", "to", "grain"),
    *("what", "how", "step", "next", "code", "state", "before", "week", "subject", "number"),
)
# The words that forms know, so that more than the first check is reached.
_KNOWN = {
    "act": ("say", "sign", "progress", "done", "grade", "assign", "urge", "draft", "close"),
    "level": ("一级", "二级", "三级", "四级"),
    "format": ("xlsx", "csv", "pdf"),
    "list": ("statistics", "numbers", "todo", "board"),
    "full": ("1", ""),
    "query": ("period=month", "platform=%00", "from=0001-01-01&to=9999-12-31", "nth=99999"),
}
_FREE = ("words", "text", "reason", "unit", "units", "to", "name", "userid", "subject", "key")

Description = dict[str, Any]


def vendors() -> Description:
    """The description of POST /api/reports, as vendors get it; the key is ours to give."""
    found: Description = description()
    for operation in found["paths"]["/api/reports"].values():
        operation.pop("security")
    return found


def pages(app: FastAPI, known: Mapping[str, str], csrf: str) -> Description:
    """A description of all pages of `app`, with forms that carry the sign of a session."""
    paths: dict[str, Description] = {}
    for method, path in addresses(app.routes):
        if path not in _LEFT_OUT:
            paths.setdefault(path, {})[method.lower()] = _operation(method, path, known, csrf)
    return {"openapi": "3.1.0", "info": {"title": "pages", "version": "1"}, "paths": paths}


def _operation(method: str, path: str, known: Mapping[str, str], csrf: str) -> Description:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _place(name, known)}
        for name in re.findall(r"{(\w+)}", path)
    ]
    if method == "GET":
        parameters += [
            {"name": name, "in": "query", "required": False, "schema": _words(name, known.values())}
            for name in _ASKED
        ]
    described: Description = {"parameters": parameters, "responses": _answers()}
    if method == "POST":
        described["requestBody"] = _form(path, csrf)
    return described


def _answers() -> Description:
    content: Description = {kind: {} for kind in _KINDS}
    led_on = {302, 303}
    return {
        str(status): {"description": ""} | ({} if status in led_on else {"content": content})
        for status in ANSWERS
    }


def _place(name: str, known: Mapping[str, str]) -> Description:
    """What may stand in a path: as often what is there, for a strange one is refused at once."""
    there = known.get(name)
    strange = ("0", "a" * 300, "%00", "督办", "1e9", "-1")
    return {"type": "string", "enum": [there, strange[0]] if there else [*known.values(), *strange]}


def _words(name: str, known: Iterable[str] = ()) -> Description:
    """Words known and hostile; where none are known, any text whatever."""
    told = (*_KNOWN.get(name, ()), *known)
    if not told:
        return {"type": "string"}
    # A choice between these and any text would be taken for any text.
    return {"type": "string", "enum": [*told, *(word for word in HOSTILE if word.isprintable())]}


def _form(path: str, csrf: str) -> Description:
    fields: Description = {
        "csrf": {"enum": [csrf]},  # without it: tests of the pages
        "once": {"type": "string", "pattern": "^[0-9A-Za-z_-]{16,64}$"},
    }
    fields |= {name: _words(name) for name in (*_KNOWN, *_FREE)}
    schema = {"type": "object", "properties": fields, "required": ["csrf", "once", "act"]}
    kind = "multipart/form-data" if path.endswith("/files") else "application/x-www-form-urlencoded"
    if path.endswith("/files"):
        fields["file"] = {"type": "string", "format": "binary"}
    return {"required": True, "content": {kind: {"schema": schema}}}
