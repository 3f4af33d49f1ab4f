"""Asks as one person, whatever schemathesis thinks of, and writes down what was wrong."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bench.api_fuzz.surface import Description

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@dataclass(slots=True)
class Found:
    """What all people together have seen."""

    asked: Counter[tuple[str, str]] = field(default_factory=Counter)  # who, how it was answered
    operations: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)  # first words of each kind


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody, as the server sees them."""

    name: str
    base_url: str
    headers: Mapping[str, str]
    tick: Callable[[], None]  # lets time pass, so that no limit of a minute is met
    modes: tuple[GenerationMode, ...] = (GenerationMode.POSITIVE,)


def ask(asker: Asker, described: Description, found: Found, *, examples: int, seeded: int) -> None:
    """Ask each operation `examples` times, and where its body is described as often wrongly."""
    schema = schemathesis.openapi.from_dict(described)
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        found.operations.add(f"{operation.method.upper()} {operation.path}")
        for mode in asker.modes:
            strategy = operation.as_strategy(generation_mode=mode)

            @seed(seeded)
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=strategy)
            def one(case: Case[Any]) -> None:
                _judge(asker, case, found)

            with suppress(Unsatisfiable):  # nothing of it can be asked wrongly
                one()


def _judge(asker: Asker, case: Case[Any], found: Found) -> None:
    asker.tick()
    response = case.call(
        base_url=asker.base_url, headers=dict(asker.headers), allow_redirects=False, timeout=30
    )
    found.asked[asker.name, str(response.status_code)] += 1
    try:
        case.validate_response(response, checks=CHECKS)
    except (FailureGroup, AssertionError) as failure:
        what = f"{case.method} {case.operation.path} as {asker.name}: {response.status_code}"
        found.faults.setdefault(what, f"{failure!s}"[:1500])
