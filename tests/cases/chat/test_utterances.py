"""The worked utterances: every intent, every slot."""

import pytest

from cases.chat import Intent, read, understand
from tests.support.said import NOW, RULES, Utterance, utterances


def wrong(name: str) -> list[str]:
    return [
        fault
        for each in utterances(name)
        for fault in each.wrong(understand(each.text, each.role, NOW, RULES))
    ]


@pytest.mark.parametrize("name", ["intents.tsv", "utterances.tsv"])
def test_every_worked_utterance_is_understood_in_full(name: str) -> None:
    assert wrong(name) == []


def test_a_wrong_reading_would_be_told() -> None:
    asked = Utterance("同意", None, "reject", {})
    assert asked.wrong(understand("同意", None, NOW, RULES)) != []


def test_the_test_set_holds_every_intent() -> None:
    shown = {each.intent for name in ("intents.tsv", "utterances.tsv") for each in utterances(name)}
    assert {intent.value for intent in Intent} - shown == {"decline.deny"}


def test_sixty_reports_of_our_own_and_two_hundred_others_are_kept() -> None:
    kept = list(utterances("utterances.tsv"))
    reports = [each for each in kept if each.intent.startswith(("report.", "zero"))]
    assert len(reports) >= 60
    assert len(kept) - len(reports) >= 200


def test_read_gives_the_slots_of_reports_and_nothing_else() -> None:
    for each in utterances("intents.tsv"):
        got = read(each.text, each.role, NOW, RULES)
        assert bool(got) == each.intent.startswith("report."), each.text
        assert not got or not each.wrong(understand(each.text, each.role, NOW, RULES))


def test_a_report_without_a_link_says_so() -> None:
    got = read("网传我市明天停水三天,没有链接", None, NOW, RULES)
    assert got["url"] is None
    assert got["needs_url"] is True
