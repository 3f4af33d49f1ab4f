"""Cells: what people wrote stays words in a table, and never spoils the file (F02, F03)."""

import pytest

from cases.cells import MOST, cell_text, guarded

WIDE = [chr(ord(sign) + 0xFEE0) for sign in "=+-@"]


@pytest.mark.parametrize("sign", [*"=+-@\t\r\n\0", *WIDE])
def test_what_a_spreadsheet_would_run_is_guarded(sign: str) -> None:
    assert guarded(f"{sign}1+1").startswith("'")
    assert guarded(f"a{sign}1").startswith("a")


def test_a_formula_behind_a_character_that_falls_away_is_guarded_too() -> None:
    assert guarded("\x00=1+1") == "'=1+1"
    assert guarded("\x0b=1+1") == "'=1+1"
    assert guarded("青禾路积水") == "青禾路积水"


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\ud800", "\uffff", "\x1f"])
def test_f03_the_one_bad_character_is_removed(bad: str) -> None:
    assert cell_text(f"青禾{bad}路") == "青禾路"


@pytest.mark.parametrize(
    ("length", "kept"), [(MOST - 1, MOST - 1), (MOST, MOST), (MOST + 1, MOST), (40_000, MOST)]
)
def test_a_cell_is_cut_where_excel_ends(length: int, kept: int) -> None:
    found = cell_text("长" * length)
    assert len(found) == kept
    assert found.endswith("…(已截断)") is (length > MOST)
