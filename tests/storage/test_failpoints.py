"""A process killed around a commit: what was acknowledged is there, what was not is not."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.failpoints import Point, Step, hit
from storage.outbox import LEASE
from tests.storage.builders import NOW, SECOND

HOME = Path(__file__).parents[2]

# Loads the libraries once, then runs the story in a child for each failpoint: `storage` itself is
# loaded in the child, for it reads the setting once.
PROGRAM = """
import json, os, sys
import alembic.command, sqlmodel, sqlalchemy.dialects.sqlite, sqlalchemy.orm

def story(url):
    from storage.database import Database
    from storage.failpoints import Step, about
    from tests.storage.builders import NOW, heard, message
    database = Database(url, audit_key=b"key")
    for key in "ab":
        with database.callback_work() as work:
            work.inbox.keep([heard(key)])
        print("kept", key, flush=True)
    with database.work(Step.ACT) as work:
        item = work.inbox.next_waiting()
        work.inbox.done(item.id, "done", NOW)
        work.outbox.put(message("answer"))
        work.audit.append(actor="", role="", action="a", object_type="o", object_id="1",
                          result="done", details={}, now=NOW)
    print("acted", flush=True)
    with database.work(Step.CLAIM) as work:
        (claim,) = work.outbox.claim(NOW, "one")
    print("claimed", flush=True)
    with about(lambda: "card"), database.work(Step.MARK) as work:
        work.outbox.sent(claim, "m-1", NOW)
    print("marked", flush=True)

answers = {}
for failpoint, path in json.load(sys.stdin).items():
    child = os.fork()
    if child == 0:
        os.environ["DUBAN_FAILPOINT"] = failpoint
        os.dup2(os.open(path + ".said", os.O_CREAT | os.O_WRONLY), 1)
        story("sqlite:///" + path)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    answers[failpoint] = [os.waitstatus_to_exitcode(status), open(path + ".said").read()]
json.dump(answers, sys.stdout)
"""


def found(database: Database) -> dict[str, object]:
    with database.work() as work:
        head = work.audit.head()
        again = work.outbox.claim(NOW + LEASE + SECOND, "two")
        return {
            "kept": [key for key in "ab" if work.inbox.has(key)],
            "waiting": work.inbox.waiting_count(),
            "audited": 0 if head is None else head.seq,
            "to send": [(one.key, one.epoch) for one in again],
            "in doubt": [work.outbox.earlier_unknown(one.id, one.epoch) for one in again],
        }


KEPT: dict[str, object] = {"kept": ["a", "b"], "waiting": 2, "audited": 0}
ACTED: dict[str, object] = {"kept": ["a", "b"], "waiting": 1, "audited": 1}
NOTHING: dict[str, object] = {"to send": [], "in doubt": []}


STORIES: dict[str, tuple[list[str], dict[str, object]]] = {
    "keep.before_commit": ([], {"kept": [], "waiting": 0, "audited": 0} | NOTHING),
    "keep.after_commit:2": (["kept a"], KEPT | NOTHING),
    "act.audit_written": (["kept a", "kept b"], KEPT | NOTHING),
    "claim.before_commit": (
        ["kept a", "kept b", "acted"],
        ACTED | {"to send": [("answer", 1)], "in doubt": [False]},
    ),
    "mark.before_commit": (
        ["kept a", "kept b", "acted", "claimed"],
        ACTED | {"to send": [("answer", 2)], "in doubt": [True]},
    ),
    "mark.before_commit@card": (
        ["kept a", "kept b", "acted", "claimed"],
        ACTED | {"to send": [("answer", 2)], "in doubt": [True]},
    ),
    "mark.after_commit": (["kept a", "kept b", "acted", "claimed"], ACTED | NOTHING),
}
PASSED = "mark.after_commit:2"
OF_ANOTHER = "mark.before_commit@text"


@pytest.fixture(scope="module")
def killed(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, int, list[str]]]:
    """For each failpoint: the file left behind, how the process ended and what it had said."""
    folder = tmp_path_factory.mktemp("killed")
    paths = {name: folder / f"{n}.db" for n, name in enumerate((*STORIES, PASSED, OF_ANOTHER))}
    for path in paths.values():
        shutil.copy(sqlite_template, path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=HOME,
        env=os.environ | {"PYTHONPATH": str(HOME)},
        input=json.dumps({name: str(path) for name, path in paths.items()}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=100,
    )
    ends = json.loads(done.stdout)
    return {name: (path, ends[name][0], ends[name][1].splitlines()) for name, path in paths.items()}


@pytest.mark.parametrize("failpoint", STORIES)
def test_a_kill_leaves_whole_transactions(
    killed: dict[str, tuple[Path, int, list[str]]], failpoint: str
) -> None:
    said, left = STORIES[failpoint]
    path, status, heard = killed[failpoint]
    assert (status, heard) == (-signal.SIGKILL, said)
    with closing(Database(f"sqlite:///{path}")) as database:
        assert found(database) == left


@pytest.mark.parametrize("failpoint", [PASSED, OF_ANOTHER])
def test_a_failpoint_not_passed_often_enough_or_for_something_else_changes_nothing(
    killed: dict[str, tuple[Path, int, list[str]]], failpoint: str
) -> None:
    _, status, said = killed[failpoint]
    assert (status, said[-1]) == (0, "marked")


def test_without_the_setting_every_failpoint_is_passed_by() -> None:
    names = [f"{step}.{point}" for step in Step for point in Point]
    assert [hit(name) for name in names] == [None] * len(names)
