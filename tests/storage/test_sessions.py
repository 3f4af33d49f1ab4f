"""Sessions, one-time things and openings: kept by hash, used once, on both databases."""

from datetime import timedelta

from cases.people import Person
from storage.database import Database
from storage.sessions import NewLink, NewSession
from storage.states import OneTimeKind, SignInWay
from tests.storage.builders import NOW, open_case

LATER = NOW + timedelta(minutes=15)


def begin(database: Database, token: str, userid: str = "li") -> int:
    with database.work() as work:
        return work.sessions.begin(NewSession(token, userid, SignInWay.QR, "Firefox", NOW))


def test_a_session_is_found_by_its_token_until_it_ends(database: Database) -> None:
    session = begin(database, "secret-token")
    with database.work() as work:
        found = work.sessions.live("secret-token")
        assert found is not None
        assert (found.id, found.userid, found.way, found.seen_at) == (session, "li", "qr", NOW)
        assert work.sessions.live("secret-toke") is None
        work.sessions.seen(session, LATER)
        work.sessions.tell(session, {"text": "已签收"})
        found = work.sessions.live("secret-token")
        assert found is not None
        assert (found.seen_at, found.said) == (LATER, {"text": "已签收"})
        work.sessions.tell(session, None)
        assert work.sessions.end(session, "本人退出", LATER)
        assert not work.sessions.end(session, "again", LATER)
        assert work.sessions.live("secret-token") is None


def test_all_sessions_of_a_person_end_and_nobody_elses(database: Database) -> None:
    for token, userid in (("a", "li"), ("b", "li"), ("c", "wang")):
        begin(database, token, userid)
    with database.work() as work:
        assert len(work.sessions.of_person("li", NOW)) == 2
        assert work.sessions.of_person("li", LATER) == []
        assert work.sessions.end_all("li", "已离开名录", NOW) == 2
        assert work.sessions.live("a") is None
        assert work.sessions.live("c") is not None


def test_a_link_is_used_once_in_time_and_a_newer_one_ends_it(database: Database) -> None:
    with database.work() as work:
        work.people.upsert_person(Person("li", "李", frozenset()))
        for token in ("first", "second"):
            work.sessions.give_link(NewLink(token, "li", "zhao", NOW, LATER))
        assert work.sessions.use_link("first", NOW) is None
        assert work.sessions.use_link("second", LATER) is None
        assert work.sessions.use_link("second", LATER - timedelta(seconds=1)) == "li"
        assert work.sessions.use_link("second", NOW) is None


def test_what_is_good_once_is_refused_the_second_time_and_forgotten_in_the_end(
    database: Database,
) -> None:
    def use(kind: OneTimeKind, token: str, *, minutes: int = 0) -> bool:
        now = NOW + timedelta(minutes=minutes)
        until = now + timedelta(minutes=10)
        with database.work() as work:
            return work.sessions.use_once(kind, token, by="li", now=now, until=until)

    assert use(OneTimeKind.STATE, "x")
    assert not use(OneTimeKind.STATE, "x", minutes=10)
    assert use(OneTimeKind.CODE, "x")
    assert use(OneTimeKind.STATE, "y", minutes=11)  # sweeps what has expired
    assert use(OneTimeKind.STATE, "x", minutes=11)


def test_an_opening_keeps_the_first_moment_and_the_last(database: Database) -> None:
    with database.work() as work:
        case = open_case(work)
        assert not work.openings.is_known(case.id, "li", NOW)
        work.openings.add(case.id, "li", NOW)
        assert work.openings.is_known(case.id, "li", NOW + timedelta(seconds=59))
        assert not work.openings.is_known(case.id, "li", NOW + timedelta(minutes=1))
        work.openings.add(case.id, "li", LATER)
        assert work.openings.of_case(case.id) == {"li": (NOW, LATER)}
