"""docs/grading.md says what the program does: its tables are compared with the rules."""

from config.rulebook_grading import load_shipped, shipped_names
from tests.support.grading_doc import PAGE, VIGNETTES, written

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_are_those_the_program_makes() -> None:
    assert written(TEXT) == TEXT, "run: python -m tests.support.grading_doc"


def test_the_vignettes_cover_all_rulebooks() -> None:
    lines = VIGNETTES.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 31
    assert all(f'"rulebook": "{name}"' in "".join(lines) for name in shipped_names())


def test_every_fact_no_rulebook_uses_is_explained() -> None:
    books = [load_shipped(name) for name in shipped_names()]
    used = {fact for rules in books for fact in rules.facts_used()}
    explained = TEXT[TEXT.index("## 因素与规则的对应") : TEXT.index("## 等级、确认与告知")]
    unused = {fact for rules in books for fact in rules.specs} - used
    assert [fact for fact in sorted(unused) if f"`{fact}`" not in explained] == []
