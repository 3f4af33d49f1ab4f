from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text

from storage.audit import Anchor, BrokenRow
from storage.database import Database
from storage.engines import parse
from storage.work import Work
from tests.storage.builders import NOW, all_at_once

CHANGED = BrokenRow(3, "内容被改动")


def note(work: Work, action: str = "close", details: dict[str, object] | None = None) -> None:
    work.audit.append(
        actor="zhao",
        role="舆情办主任",
        action=action,
        object_type="case",
        object_id="YQ-20261120-001",
        result="done",
        details=details or {"words": "同意", "n": 1, "ratio": 0.1},
        now=NOW,
    )


def five_rows(database: Database) -> Anchor:
    for n in range(5):
        with database.work() as work:
            note(work, f"act {n}")
    with database.read() as work:
        head = work.audit.head()
    assert head is not None
    return head


def verify(database: Database, anchor: Anchor | None = None) -> BrokenRow | None:
    with database.read() as work:
        return work.audit.verify(anchor)


@pytest.fixture
def intruder(database: Database) -> Iterator[Callable[[str], None]]:
    """Somebody who can write to the database, and does."""
    engine = create_engine(parse(database.url))

    def write(statement: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement))

    yield write
    engine.dispose()


def test_an_untouched_chain_holds(database: Database) -> None:
    assert verify(database) is None
    anchor = five_rows(database)
    assert anchor.seq == 5
    assert verify(database) is None
    assert verify(database, anchor) is None
    with database.work() as work:
        note(work)
        note(work)
    assert verify(database, anchor) is None


def test_rows_of_a_transaction_that_fails_are_not_written(database: Database) -> None:
    def note_and_fail(work: Work) -> None:
        note(work)
        raise KeyError

    with pytest.raises(KeyError):
        database.run(note_and_fail)
    with database.read() as work:
        assert work.audit.head() is None


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        (["UPDATE audit SET actor = 'sun' WHERE seq = 3"], CHANGED),
        (["UPDATE audit SET details = '{}' WHERE seq = 3"], CHANGED),
        (["UPDATE audit SET at = '2026-11-21 01:00:00' WHERE seq = 3"], CHANGED),
        (["UPDATE audit SET algorithm = 'none' WHERE seq = 3"], CHANGED),
        (["DELETE FROM audit WHERE seq = 3"], BrokenRow(3, "缺行")),
        (["DELETE FROM audit WHERE seq = 1"], BrokenRow(1, "缺行")),
        (
            [
                "UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE seq END",
                "UPDATE audit SET seq = -seq WHERE seq < 0",
            ],
            BrokenRow(2, "与上一行不相连"),
        ),
        (
            [
                "DELETE FROM audit WHERE seq = 3",
                "UPDATE audit SET seq = 3 WHERE seq = 4",
                "UPDATE audit SET seq = 4 WHERE seq = 5",
            ],
            BrokenRow(3, "与上一行不相连"),
        ),
    ],
    ids=["actor", "details", "moment", "algorithm", "deleted", "first", "reordered", "closed up"],
)
def test_whatever_is_done_to_a_row_shows(
    database: Database, intruder: Callable[[str], None], statements: list[str], broken: BrokenRow
) -> None:
    five_rows(database)
    for statement in statements:
        intruder(statement)
    assert verify(database) == broken


def test_a_chain_cut_off_at_its_end_shows_against_an_anchor_kept_elsewhere(
    database: Database, intruder: Callable[[str], None]
) -> None:
    anchor = five_rows(database)
    intruder("DELETE FROM audit WHERE seq > 3")
    assert verify(database) is None
    assert verify(database, anchor) == BrokenRow(4, "末尾缺失，外存记录到第 5 行")
    with database.work() as work:
        note(work, "another fourth")
        note(work, "another fifth")
    assert verify(database, anchor) == BrokenRow(5, "与外存记录不符")


def test_a_chain_sealed_with_another_key_does_not_hold(database: Database) -> None:
    five_rows(database)
    other = Database(database.url, audit_key=b"guessed")
    with other.read() as work:
        assert work.audit.verify() == BrokenRow(1, "内容被改动")
    other.close()


def test_many_writers_make_one_chain(database: Database) -> None:
    all_at_once(database, 20, note)
    with database.read() as work:
        head = work.audit.head()
        assert head is not None
        assert (head.seq, work.audit.verify()) == (20, None)


def test_without_a_key_nothing_is_audited(database: Database) -> None:
    keyless = Database(database.url)
    with pytest.raises(ValueError, match="审计密钥"), keyless.work() as work:
        note(work)
    keyless.close()


def test_details_that_cannot_be_kept_are_refused_at_once(database: Database) -> None:
    with pytest.raises(ValueError, match="JSON"), database.work() as work:
        note(work, details={"ratio": float("nan")})


def test_personal_text_is_audited_as_a_keyed_digest(database: Database) -> None:
    with database.read() as work:
        assert work.audit.digest("王某") == work.audit.digest("王某")
        assert work.audit.digest("王某") != work.audit.digest("李某")
        assert len(work.audit.digest("王某")) == 64
