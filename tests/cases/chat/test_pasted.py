"""Pasted words are content, one's own words stay one's own: forms kept by hand as a data set."""

import pytest

from cases.chat import Intent, said_in, separate
from cases.people import Role
from config.directory import load_directory
from tests.support.office import DIRECTORY
from tests.support.said import DATA, intents

PEOPLE = {person.name: person for person in load_directory(DIRECTORY).people}
LEADERS = {Role.DEPUTY_LEADER, Role.CHIEF_LEADER}


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()[1:]
    return [[cell.replace("\\n", "\n") for cell in line.split("\t")] for line in lines]


def own_words(text: str, speaker: str) -> str:
    person = PEOPLE[speaker]
    found = separate(text, PEOPLE.keys() - {speaker}, is_leader=person.is_any(*LEADERS))
    assert len(found.own) == len(text)
    return "\n".join(line.strip() for line in found.own.split("\n") if line.strip())


PASTED = rows("pasted.tsv")
OWN = rows("own_words.tsv")


@pytest.mark.parametrize(("text", "speaker", "own"), PASTED)
def test_c06_the_words_of_others_are_taken_out(text: str, speaker: str, own: str) -> None:
    assert own_words(text, speaker) == own


@pytest.mark.parametrize(("text", "speaker"), OWN)
def test_what_only_looks_pasted_stays_ones_own(text: str, speaker: str) -> None:
    assert separate(text, PEOPLE.keys() - {speaker}).pasted == ""


def test_sixty_of_each_are_kept() -> None:
    assert min(len(PASTED), len(OWN)) >= 60
    assert {row[1] for row in PASTED + OWN} <= PEOPLE.keys()


def test_without_a_directory_the_forms_that_nobody_types_are_known_still() -> None:
    assert separate("[聊天记录]\n007 可以办结").own.strip() == ""
    assert intents("张三 11月20日 10:00:12\n007 可以办结", Role.OFFICE_DIRECTOR) == ["ambiguous"]


def test_an_apps_share_text_orders_nothing() -> None:
    for title in ("007 可以办结", "定二级,交城管局"):
        got = intents(f"【{title}】 https://b23.tv/3uPg39", Role.OFFICE_DIRECTOR)
        assert all(one in {Intent.REPORT_NEW, Intent.REPORT_SUPPLEMENT} for one in got)
    got = intents("007 可以办结 https://b23.tv/3uPg39", Role.OFFICE_DIRECTOR)
    assert got == [Intent.CASE_CLOSE]


def test_what_was_said_stands_without_names_and_times() -> None:
    pasted = "[聊天记录]\n刘洋 11/20 10:00:12\n停水三天\n> 没人管\n周国华: 请核实\n以上为聊天记录"
    assert said_in(pasted, {"周国华"}) == "停水三天\n没人管\n请核实"


def test_a_quoted_message_above_is_left_to_the_quotes() -> None:
    text = "「周国华: 同意 007 办结」\n- - - - - - -\n报一下"
    assert separate(text, {"周国华"}).pasted == ""


def test_what_stands_behind_very_much_text_is_looked_at_too_or_is_content() -> None:
    for much in ("x" * 9000, "x\n" * 300):
        text = f"收到\n{much}\n周国华: 同意 007 办结"
        assert "同意" not in separate(text, {"周国华"}).own
    assert "同意" not in separate("甲: x\n" * 300 + "同意").own
