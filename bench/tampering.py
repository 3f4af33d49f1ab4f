"""Fifteen ways to tamper with the audit chain, for whoever may write but has no key.

Each changes the tables by one connection and returns the first row that is broken then.
"""

import hashlib
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from storage.audit import Algorithm, Sealing

BEGAN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ROWS = 200  # of the chain; the second half is sealed with SM3
_COLUMNS = ("actor", "role", "action", "object_type", "object_id", "result", "prev_hash", "hash")

Tamper = Callable[[Connection, random.Random], int]  # returns the first row that is broken then


def run(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), values)


def change_a_word(connection: Connection, drawn: random.Random) -> int:
    """Change one column of one row."""
    column, seq = drawn.choice(_COLUMNS), drawn.randint(1, ROWS)
    run(connection, f"UPDATE audit SET {column} = :new WHERE seq = :seq", new="x", seq=seq)  # noqa: S608
    return seq


def change_details(connection: Connection, drawn: random.Random) -> int:
    """Change what is said besides, in one row."""
    seq = drawn.randint(1, ROWS)
    new = json.dumps({"n": drawn.random()})
    run(connection, "UPDATE audit SET details = :new WHERE seq = :seq", new=new, seq=seq)
    return seq


def move_in_time(connection: Connection, drawn: random.Random) -> int:
    """Let one row have happened a second to a day later."""
    seq = drawn.randint(1, ROWS)
    moved = BEGAN + timedelta(seconds=drawn.randint(ROWS + 1, 86_400))
    new = moved.strftime("%Y-%m-%d %H:%M:%S.%f")
    if connection.dialect.name == "postgresql":
        new += "+00"
    column = "CAST(:new AS timestamptz)" if connection.dialect.name == "postgresql" else ":new"
    run(connection, f"UPDATE audit SET at = {column} WHERE seq = :seq", new=new, seq=seq)  # noqa: S608
    return seq


def delete_one(connection: Connection, drawn: random.Random) -> int:
    """Take one row out."""
    seq = drawn.randint(1, ROWS)
    run(connection, "DELETE FROM audit WHERE seq = :seq", seq=seq)
    return seq


def delete_and_close_up(connection: Connection, drawn: random.Random) -> int:
    """Take one row out and number the later ones anew."""
    seq = delete_one(connection, drawn)
    run(connection, "UPDATE audit SET seq = -seq WHERE seq > :seq", seq=seq)
    run(connection, "UPDATE audit SET seq = -seq - 1 WHERE seq < 0")
    return seq


def cut_the_end(connection: Connection, drawn: random.Random) -> int:
    """Take the last rows away: what is left hangs together."""
    seq = drawn.randint(2, ROWS)
    run(connection, "DELETE FROM audit WHERE seq >= :seq", seq=seq)
    return seq


def cut_the_beginning(connection: Connection, drawn: random.Random) -> int:
    """Take the first rows away."""
    run(connection, "DELETE FROM audit WHERE seq <= :seq", seq=drawn.randint(1, ROWS - 1))
    return 1


def delete_all(connection: Connection, _drawn: random.Random) -> int:
    """Take everything away."""
    run(connection, "DELETE FROM audit")
    return 1


def swap(connection: Connection, drawn: random.Random) -> int:
    """Let two rows change places."""
    one, other = sorted(drawn.sample(range(1, ROWS + 1), 2))
    for old, new in ((one, -1), (other, one), (-1, other)):
        run(connection, "UPDATE audit SET seq = :new WHERE seq = :old", old=old, new=new)
    return one


def insert_one(connection: Connection, drawn: random.Random) -> int:
    """Put a row in that was never written, sealed with what is public."""
    seq = drawn.randint(1, ROWS)
    run(connection, "UPDATE audit SET seq = -seq WHERE seq >= :seq", seq=seq)
    run(connection, "UPDATE audit SET seq = 1 - seq WHERE seq < 0")
    _copy(connection, source=seq + 1, seq=seq, before=_hash(connection, seq - 1))
    return seq


def append_one(connection: Connection, _drawn: random.Random) -> int:
    """Put a row behind the last, sealed with what is public."""
    _copy(connection, source=ROWS, seq=ROWS + 1, before=_hash(connection, ROWS))
    return ROWS + 1


def chain_again(connection: Connection, drawn: random.Random) -> int:
    """Change a row and seal it and all later ones again, with the public function."""
    seq = drawn.randint(1, ROWS)
    run(connection, "UPDATE audit SET actor = 'sunlei' WHERE seq = :seq", seq=seq)
    _seal_from(connection, seq, lambda words: hashlib.sha256(words).hexdigest())
    return seq


def chain_again_with_a_guess(connection: Connection, drawn: random.Random) -> int:
    """The same, with the right function and a key that was guessed."""
    seq = drawn.randint(1, ROWS)
    run(connection, "UPDATE audit SET result = 'done' WHERE seq = :seq", seq=seq)
    guessed = Sealing(f"{drawn.random()}".encode())
    _seal_from(connection, seq, lambda words: guessed.over(words, Algorithm.SHA256))
    return seq


def rename_the_seal(connection: Connection, drawn: random.Random) -> int:
    """Let one row be sealed by another algorithm than it was, or by none that is known."""
    seq = drawn.randint(1, ROWS)
    names = [*({str(one) for one in Algorithm} - {_algorithm(seq)}), "none"]
    run(
        connection,
        "UPDATE audit SET algorithm = :new WHERE seq = :seq",
        new=drawn.choice(sorted(names)),
        seq=seq,
    )
    return seq


def forge_a_checkpoint(connection: Connection, drawn: random.Random) -> int:
    """Take the beginning away and say that it was pruned."""
    last = drawn.randint(1, ROWS - 1)
    kept = {"seq": last, "hash": _hash(connection, last), "seal": "0" * 64}
    value = json.dumps(kept | {"algorithm": str(Algorithm.SHA256)})
    run(connection, "DELETE FROM audit WHERE seq <= :last", last=last)
    run(connection, "DELETE FROM setting WHERE key = 'audit.checkpoint'")
    run(
        connection,
        "INSERT INTO setting (key, value) VALUES ('audit.checkpoint', :value)",
        value=value,
    )
    return 1


TAMPERINGS: tuple[Tamper, ...] = (
    *(change_a_word, change_details, move_in_time, delete_one, delete_and_close_up),
    *(cut_the_end, cut_the_beginning, delete_all, swap, insert_one, append_one),
    *(chain_again, chain_again_with_a_guess, rename_the_seal, forge_a_checkpoint),
)


def _algorithm(seq: int) -> str:
    return str(Algorithm.SHA256 if seq <= ROWS // 2 else Algorithm.SM3)


def _hash(connection: Connection, seq: int) -> str:
    found = connection.execute(text("SELECT hash FROM audit WHERE seq = :seq"), {"seq": seq})
    return str(found.scalar_one_or_none() or "")


def _copy(connection: Connection, *, source: int, seq: int, before: str) -> None:
    sealed = hashlib.sha256(f"{before}{seq}".encode()).hexdigest()
    run(
        connection,
        "INSERT INTO audit SELECT :seq, at, 'sunlei', role, action, object_type, object_id, result,"
        " details, algorithm, :before, :sealed FROM audit WHERE seq = :source",
        seq=seq,
        before=before,
        sealed=sealed,
        source=source,
    )


def _seal_from(connection: Connection, first: int, seal: Callable[[bytes], str]) -> None:
    rows = connection.execute(
        text("SELECT * FROM audit WHERE seq >= :first ORDER BY seq"), {"first": first}
    ).mappings()
    before, changes = _hash(connection, first - 1), []
    for row in rows:
        sealed = seal(f"{before}\0{dict(row)}".encode())
        changes.append({"before": before, "hash": sealed, "seq": row["seq"]})
        before = sealed
    connection.execute(
        text("UPDATE audit SET prev_hash = :before, hash = :hash WHERE seq = :seq"), changes
    )
