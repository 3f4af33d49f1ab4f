"""How people point at a case, and what only looks like it."""

from datetime import date

import pytest

from cases.chat.references import full_number
from cases.people import Role
from tests.support.said import said

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("#007同意", "007"),
        ("\uff03\uff10\uff10\uff17同意", "007"),
        ("#0\u200b07同意", "007"),
        ("\u202e#007同意", "007"),
        ("编号1120-007同意", "1120-007"),
        ("1120－007同意", "1120-007"),
        ("YQ—20261120—007同意", "YQ-20261120-007"),
        ("007同意", "007"),
        ("7号件同意", "7"),
        ("同意 007", "007"),
        ("005号件同意", "005"),
    ],
)
def test_c11_a_case_is_named_in_many_spellings(text: str, case: str) -> None:
    got = said(text, Role.DEPUTY_LEADER)
    assert (got.intent, got.slots["case"]) == ("approve", case)


@pytest.mark.parametrize("text", ["#OO7同意", "#\u0660\u0660\u0667同意"])
def test_c11_letters_and_foreign_digits_are_no_number_but_are_not_overheard(text: str) -> None:
    written = str(said(text, Role.DEPUTY_LEADER).slots["case"])
    assert full_number(written, DAY) is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("5号前必须办结,交城管局", Role.OFFICE_DIRECTOR),
        ("转发到430了", Role.INFORMANT),
        ("电话0000-1234567", Role.LIAISON),
        ("5号楼电梯的事交市监局", Role.OFFICE_DIRECTOR),
        ("3号线施工扰民交交通局", Role.OFFICE_DIRECTOR),
        ("申请延期到25号", Role.LIAISON),
    ],
)
def test_days_figures_doors_and_telephones_are_no_cases(text: str, role: Role) -> None:
    assert "case" not in said(text, role).slots


def test_a_topic_in_words_points_at_a_case_and_needs_context() -> None:
    got = said("校服那个事办得怎么样了", Role.DEPUTY_LEADER).slots
    assert (got["case"], got["needs_context"]) == ("校服", True)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("7", "YQ-20261120-007"),
        ("007", "YQ-20261120-007"),
        ("1119-12", "YQ-20261119-012"),
        ("20251231-004", "YQ-20251231-004"),
        ("YQ-20261120-007", "YQ-20261120-007"),
        ("yq20261120007", "YQ-20261120-007"),
        ("OO7", None),
        ("\u0660\u0660\u0667", None),
        ("", None),
    ],
)
def test_a_reference_becomes_a_whole_number(written: str, number: str | None) -> None:
    assert full_number(written, DAY) == number
