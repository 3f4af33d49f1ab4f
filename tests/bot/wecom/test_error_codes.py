"""Every errcode that can occur is explained with its fix, in the program and on its page."""

import re
from pathlib import Path

import pytest

from bot.wecom.error_codes import ERROR_CODES, Verdict, page, say

HOME = Path(__file__).parents[3]
_CODE = re.compile(r"(?<![\w.])(-1|[3-9]\d{4}|8[45]\d{4}|301\d{3})(?![\w.])")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
# Numbers of five digits in the sandbox that are no errcodes: pages of the platform's documents.
_PAGE = re.compile(r"pages? \d+(?:, \d+)*")


@pytest.mark.parametrize("code", sorted(ERROR_CODES))
def test_each_is_complete(code: int) -> None:
    known = ERROR_CODES[code]
    assert _CHINESE.search(known.meaning)
    assert _CHINESE.search(known.fix)
    assert known.meaning != known.fix
    said = say(code, "some errmsg")
    assert all(part in said for part in (known.meaning, known.fix, str(code)))


def test_what_only_a_person_can_mend_says_who_does_what() -> None:
    held = [one for one in ERROR_CODES.values() if one.verdict is Verdict.CONFIGURATION]
    assert held
    assert [one for one in held if "管理员" not in one.fix] == []


def test_every_errcode_the_sandbox_can_answer_is_explained() -> None:
    answered = set()
    for path in (HOME / "bot" / "sandbox").glob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            if re.search(r"errcode|Refusal|Fault|_CODES|: \(?\d{5}|^ +-?\d+: \"", line):
                answered |= {int(code) for code in _CODE.findall(_PAGE.sub("", line))}
    assert {40014, 45009, 81013, 93000} <= answered
    assert answered - set(ERROR_CODES) == set()


def test_the_page_in_the_docs_is_the_table_of_the_program() -> None:
    assert (HOME / "docs" / "errors.md").read_text("utf-8") == page()
    for code in ERROR_CODES:
        assert f"| {code} |" in page()
