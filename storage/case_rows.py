"""A case as a row and back. Values inside a case, and lists, are kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from cases.model import Assignment, Case, Extension, Plan, Proposal, State
from cases.response import Response
from storage.tables.cases import CASE

# A field of a case that is a value of its own type; what is added later takes its defaults.
_VALUES: Mapping[str, TypeAdapter[Any]] = {
    "proposal": TypeAdapter(Proposal),
    "plan": TypeAdapter(Plan | None),
    "extension": TypeAdapter(Extension | None),
    "response": TypeAdapter(Response),
    "ended_from": TypeAdapter(State | None),
    "reporters": TypeAdapter(tuple[str, ...]),
    "missing": TypeAdapter(tuple[str, ...]),
}
_STORED = tuple(field.name for field in fields(Case) if field.name != "assignments")
CASE_COLUMNS = tuple(CASE.c[name] for name in _STORED)


def case_row(case: Case) -> dict[str, object]:
    """Return the row of a case, without its id."""
    _, day, seq = case.number.split("-")
    values: dict[str, object] = {
        name: _VALUES[name].dump_python(value, mode="json") if name in _VALUES else value
        for name in _STORED
        if name != "id"
        for value in [getattr(case, name)]
    }
    return values | {
        "day": day,
        "seq": int(seq),
        "proposed_level": case.proposal.level,
        "proposed_unit": case.proposal.lead,
        "lead_unit": None if case.lead is None else case.lead.unit_id,
    }


def case_of(row: Row[Any], assignments: Sequence[Assignment]) -> Case:
    """Return the case of a row of `CASE_COLUMNS`."""
    values = {
        name: _VALUES[name].validate_python(value) if name in _VALUES else value
        for name, value in zip(_STORED, row, strict=True)
    }
    return Case(**values, assignments=tuple(assignments))
