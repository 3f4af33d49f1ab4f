"""The contacts read from the sandbox, and taken over when it is time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.contacts import ContactSync
from bot.wecom.address_book import read_contacts
from bot.wecom.client import Account, PlatformError, WeComClient
from cases.people import Person, Role
from handlers.people_sync import take_over
from handlers.setup import keep_directory
from storage.database import Database
from tests.bot.sandbox.playground import AES_KEY, CORPID, SECRET, TOKEN, Playground, playground
from tests.support.edge import StandingClock
from tests.support.office import Office

CONTACTS_SECRET = "c" * 43


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def person(office: Office, userid: str) -> Person | None:
    with office.database.read() as work:
        return work.people.person(userid)


def failures(office: Office) -> list[str]:
    with office.database.read() as work:
        return [one.text for one in work.alarms.sounding() if one.kind == "contacts.failed"]


@pytest.fixture(scope="module")
def corp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playground]:
    contacts = {"secret": CONTACTS_SECRET, "token": TOKEN, "aes_key": AES_KEY}
    folder = tmp_path_factory.mktemp("contacts")
    with playground(folder, name="contacts", contacts=contacts) as running:
        yield running


@contextmanager
def asking(
    database: Database, corp: Playground, clock: StandingClock
) -> Iterator[tuple[WeComClient, WeComClient]]:
    made = tuple(
        WeComClient(
            Account(CORPID, secret, agent, f"{corp.url}/cgi-bin"),
            database=database,
            clock=clock,
            robots={},
        )
        for secret, agent in ((SECRET, "1000002"), (CONTACTS_SECRET, "contacts"))
    )
    try:
        yield made[0], made[1]
    finally:
        for client in made:
            client.close()


def test_the_contacts_are_read_page_by_page(sqlite_database: Database, corp: Playground) -> None:
    clock = StandingClock()
    with asking(sqlite_database, corp, clock) as (app, synchronisation):
        found = read_contacts(app.ask, synchronisation.ask)
        alone = read_contacts(app.ask)
        assert alone.members == found.members
        assert [one.name for one in found.departments] == [
            "云溪市",
            "市网信办",
            "市住建局",
            "市水务局",
        ]
        first = found.members[0]
        assert (first.userid, first.name, first.position) == ("ZhangSan", "张三", "值班员")

        def two_at_once(path: str, query: object, body: dict[str, object]) -> dict[str, object]:
            del query
            return synchronisation.ask(path, None, body | {"limit": 2})

        paged = read_contacts(app.ask, two_at_once)  # type: ignore[arg-type]
        assert paged.members == found.members
        with pytest.raises(PlatformError, match="48002"):
            read_contacts(synchronisation.ask)
    other = WeComClient(
        Account(CORPID, "t" * 43, "1000003", f"{corp.url}/cgi-bin"),
        database=sqlite_database,
        clock=clock,
        robots={},
    )
    with asking(sqlite_database, corp, clock) as (_, synchronisation):
        seen = read_contacts(other.ask, synchronisation.ask)
    other.close()
    assert [(m.userid, m.is_visible) for m in seen.members] == [
        ("ZhangSan", True),
        ("lisi", False),
        ("wangwu", False),
        ("zhaoliu", False),
    ]


def test_the_sync_reads_when_it_is_time_and_only_one_replica_does(
    office: Office, corp: Playground
) -> None:
    clock = StandingClock(office.now)
    people = [Person(userid, userid, frozenset({Role.INFORMANT})) for userid in ("lisi", "wangwu")]
    with office.database.work() as work:
        keep_directory(work, office.desk, (), people, now=office.now)
    with asking(office.database, corp, clock) as (app, synchronisation):

        def replica() -> ContactSync:
            return ContactSync(
                office.database,
                app=app,
                synchronisation=synchronisation,
                take_over=lambda work, seen, now: take_over(work, office.desk, seen, now),
                clock=clock,
            )

        one, two = replica(), replica()
        corp.control("token/revoke")
        assert one.sync_when_due()
        assert not two.sync_when_due()
        clock.advance(minutes=11)
        assert not two.sync_when_due()
        corp.control("contact", userid="lisi", kind="delete_user")
        assert person(office, "lisi") is not None
        clock.advance(minutes=1)
        corp.fault("errcode:60020", match="department/list")
        assert not two.sync_when_due()
        assert not one.sync_when_due()  # one attempt a minute, by all together
        (said,) = failures(office)
        assert "通讯录没有读到: 服务器的出口 IP 不在企业可信 IP 内" in said
        clock.advance(minutes=2)
        assert one.sync_when_due()
        assert person(office, "lisi") is None
        assert failures(office) == []
        one.start()
        one.stop()


def test_the_sandbox_tells_of_contacts_without_an_agent(tmp_path: Path) -> None:
    with playground(tmp_path, name="told", contacts={}) as plain:
        assert plain.control("contact", userid="lisi", kind="delete_user")["note"]
        assert plain.refused("contact", userid="lisi", kind="delete_party")[0] == 400
        assert plain.refused("contact", userid="nobody", kind="delete_user")[0] == 404
        url = str(plain.get("getcallbackip", access_token=plain.token())["ip_list"])
        assert url
    contacts = {"secret": CONTACTS_SECRET, "token": TOKEN, "aes_key": AES_KEY}
    with playground(tmp_path, name="told", contacts=contacts) as corp:
        said = corp.control("contact", userid="LISI", kind="update_user", fields={"Status": "2"})
        assert said["note"]
        assert corp.control("contact", userid="LISI", kind="create_user")["note"]
