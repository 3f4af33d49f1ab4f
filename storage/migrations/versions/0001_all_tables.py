"""All tables."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for create in _TABLES.values():
        create()


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.drop_table(name)


def _text(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, AutoString(), nullable=optional)


def _moment(name: str, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, UTCDateTime(), nullable=optional)


def _json(name: str, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=optional)


def _int(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=optional)


def _big(name: str, *, optional: bool = False, given: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=optional, autoincrement=False if given else "auto")


def _flag(name: str, *, optional: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=optional)


def _float(name: str, *, optional: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=optional)


def _bytes(name: str, *, optional: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=optional)


def _words(name: str, *words: str, optional: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, nullable=optional)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{to.partition('.')[0]}"
    return sa.ForeignKeyConstraint([column], [to], name=name)


def _index(name: str, table: str, *columns: str, unique: bool = False, where: str = "") -> None:
    condition = sa.text(where) if where else None
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def _unit() -> None:
    op.create_table(
        "unit",
        _text("id"),
        _text("name"),
        _json("aliases"),
        _json("duties"),
        _json("areas"),
        _text("robot", optional=True),
        _flag("active"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
    )


def _person() -> None:
    op.create_table(
        "person",
        _text("userid"),
        _text("name"),
        _json("roles"),
        _text("unit_id", optional=True),
        _flag("is_deputy"),
        _text("phone", optional=True),
        _flag("active"),
        _moment("left_at", optional=True),
        sa.PrimaryKeyConstraint("userid", name="pk_person"),
        _refers("person", "unit_id", "unit.id"),
    )
    _index("ix_person_unit_id", "person", "unit_id")


def _case_number() -> None:
    op.create_table(
        "case_number",
        _text("day"),
        _int("last"),
        sa.PrimaryKeyConstraint("day", name="pk_case_number"),
    )


def _rulebook() -> None:
    op.create_table(
        "rulebook",
        _int("id"),
        _text("name"),
        _int("number"),
        _json("content"),
        _text("digest"),
        _moment("imported_at"),
        _text("imported_by"),
        _flag("in_force"),
        sa.PrimaryKeyConstraint("id", name="pk_rulebook"),
        sa.UniqueConstraint("name", "number", name="uq_rulebook_name_number"),
    )


def _case_file() -> None:
    op.create_table(
        "case_file",
        _big("id"),
        _text("number"),
        _text("day"),
        _int("seq"),
        _text("title"),
        _text("summary"),
        _text("appeal"),
        _text("platform"),
        _text("source_media"),
        _words(
            "state",
            "reported",
            "triage",
            "graded",
            "approved",
            "assigned",
            "signed",
            "verifying",
            "handling",
            "reply_draft",
            "reviewing",
            "published",
            "tracking",
            "close_requested",
            "closed",
            "archived",
            "withdrawn",
            "merged",
            "refused",
        ),
        _text("level", optional=True),
        _text("proposed_level"),
        _json("proposal"),
        _text("proposed_unit", optional=True),
        _json("plan", optional=True),
        _text("reported_by"),
        _moment("reported_at"),
        _moment("event_at", optional=True),
        _int("rulebook_id"),
        _text("lead_unit", optional=True),
        _json("reporters"),
        _json("missing"),
        _int("returns"),
        _int("extensions"),
        _int("reports"),
        _text("verdict", optional=True),
        _flag("supervised"),
        _flag("restricted"),
        _text("merged_into", optional=True),
        _moment("closed_at", optional=True),
        _int("version"),
        _json("facts"),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
        _refers("case_file", "rulebook_id", "rulebook.id"),
        sa.UniqueConstraint("number", name="uq_case_file_number"),
    )
    _index(
        "ix_case_file_open",
        "case_file",
        "id",
        "level",
        "proposed_level",
        where="state NOT IN ('closed', 'archived', 'withdrawn', 'merged', 'refused')",
    )


def _assignment() -> None:
    op.create_table(
        "assignment",
        _big("id"),
        _big("case_id"),
        _text("unit_id"),
        _words("part", "lead", "coop"),
        _words("state", "assigned", "signed", "done", "declined", "moved"),
        _text("assigned_by"),
        _moment("assigned_at"),
        _text("signed_by", optional=True),
        _moment("signed_at", optional=True),
        _text("demand"),
        _moment("deadline", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        _refers("assignment", "case_id", "case_file.id"),
    )
    _index("ix_assignment_case_id", "assignment", "case_id")


def _case_event() -> None:
    op.create_table(
        "case_event",
        _big("id"),
        _big("case_id"),
        _int("seq"),
        _text("kind"),
        _json("data"),
        _text("by"),
        _text("role"),
        _moment("at"),
        _text("message_key", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
        _refers("case_event", "case_id", "case_file.id"),
        sa.UniqueConstraint("case_id", "seq", name="uq_case_event_case_id_seq"),
    )


def _case_link() -> None:
    op.create_table(
        "case_link",
        _big("id"),
        _big("case_id"),
        _text("link_key"),
        _text("url"),
        _text("canonical"),
        _text("platform"),
        _text("kind"),
        _text("item_id", optional=True),
        _flag("needs_expansion"),
        _text("author", optional=True),
        _text("added_by"),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_case_link"),
        _refers("case_link", "case_id", "case_file.id"),
        sa.UniqueConstraint("case_id", "link_key", name="uq_case_link_case_id_link_key"),
    )
    _index("ix_case_link_link_key", "case_link", "link_key")


def _open_link() -> None:
    op.create_table(
        "open_link",
        _text("link_key"),
        _big("case_id"),
        sa.PrimaryKeyConstraint("link_key", name="pk_open_link"),
        _refers("open_link", "case_id", "case_file.id"),
    )
    _index("ix_open_link_case_id", "open_link", "case_id")


def _report() -> None:
    op.create_table(
        "report",
        _big("id"),
        _big("case_id"),
        _words("kind", "new", "repeat", "supplement"),
        _text("reporter"),
        _moment("at"),
        _text("text"),
        _text("message_key", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        _refers("report", "case_id", "case_file.id"),
    )
    _index("ix_report_case_id", "report", "case_id")


def _metric() -> None:
    op.create_table(
        "metric",
        _big("id"),
        _big("case_id"),
        _text("name"),
        _float("value"),
        _text("text", optional=True),
        _moment("at"),
        _text("by"),
        _big("report_id", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_metric"),
        _refers("metric", "case_id", "case_file.id"),
        _refers("metric", "report_id", "report.id"),
    )
    _index("ix_metric_case_id", "metric", "case_id")


def _clock() -> None:
    op.create_table(
        "clock",
        _big("id"),
        _big("case_id", optional=True),
        _words("subject_type", "case", "assignment", "approval", "task", "broadcast", "roster"),
        _big("subject_id"),
        _text("step"),
        _text("holder"),
        _moment("started_at"),
        _moment("counted_at"),
        _moment("due_at"),
        _text("basis"),
        _flag("provisional"),
        _flag("projected"),
        _json("computation"),
        _int("generation"),
        _words("state", "running", "settled", "moved", "cancelled"),
        _moment("ended_at", optional=True),
        _text("ended_by", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
        _refers("clock", "case_id", "case_file.id"),
    )
    _index("ix_clock_running", "clock", "case_id", where="state IN ('running')")
    _index("ix_clock_subject", "clock", "subject_type", "subject_id", "step")


def _timer() -> None:
    op.create_table(
        "timer",
        _big("id"),
        _words("subject_type", "case", "assignment", "approval", "task", "broadcast", "roster"),
        _big("subject_id"),
        _text("kind"),
        _text("slot"),
        _text("addressee"),
        _int("generation"),
        _big("clock_id", optional=True),
        _big("case_id", optional=True),
        _moment("due_at"),
        _moment("leaves_at"),
        _words("state", "pending", "fired", "skipped", "cancelled", "aside"),
        _text("reason"),
        _int("tries"),
        _moment("fired_at", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        _refers("timer", "case_id", "case_file.id"),
        _refers("timer", "clock_id", "clock.id"),
        sa.UniqueConstraint(
            "subject_type",
            "subject_id",
            "kind",
            "slot",
            "addressee",
            "generation",
            name="uq_timer_identity",
        ),
    )
    _index("ix_timer_case", "timer", "case_id", where="state IN ('pending')")
    _index("ix_timer_clock", "timer", "clock_id", where="state IN ('pending')")
    _index("ix_timer_due", "timer", "leaves_at", "id", where="state IN ('pending')")


def _inbox() -> None:
    op.create_table(
        "inbox",
        _big("id"),
        _text("key"),
        _words("channel", "app", "robot", "appchat", "aibot", "sandbox"),
        _text("agent_id"),
        _text("sender"),
        _moment("created_at"),
        _moment("received_at"),
        _bytes("envelope", optional=True),
        _json("query"),
        _words("state", "waiting", "done", "quarantined", "aside"),
        _int("tries"),
        _text("outcome", optional=True),
        _moment("done_at", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("key", name="uq_inbox_key"),
        sqlite_autoincrement=True,
    )
    _index("ix_inbox_order", "inbox", "id", where="state IN ('waiting')")
    _index("ix_inbox_sender", "inbox", "sender", "id", where="state IN ('waiting')")


def _outbox() -> None:
    op.create_table(
        "outbox",
        _big("id"),
        _text("key"),
        _big("case_id", optional=True),
        _big("clock_id", optional=True),
        _int("generation", optional=True),
        _text("kind"),
        _words("channel", "app", "robot", "appchat", "aibot", "sandbox"),
        _text("recipient"),
        _int("priority"),
        _text("payload"),
        _text("payload_sha"),
        _json("mentions"),
        _text("reason"),
        _words("state", "new", "retry", "claimed", "sent", "failed", "cancelled"),
        _moment("next_at"),
        _moment("lease_until", optional=True),
        _text("owner", optional=True),
        _int("epoch"),
        _int("attempts"),
        _text("msgid", optional=True),
        _int("errcode", optional=True),
        _text("error", optional=True),
        _moment("first_at"),
        _moment("sent_at", optional=True),
        _text("ended_reason", optional=True),
        _flag("recall"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        _refers("outbox", "case_id", "case_file.id"),
        _refers("outbox", "clock_id", "clock.id"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    _index("ix_outbox_case", "outbox", "case_id")
    _index("ix_outbox_clock", "outbox", "clock_id")
    _index("ix_outbox_dead", "outbox", "id", where="state IN ('failed')")
    _index(
        "ix_outbox_due",
        "outbox",
        "priority",
        "next_at",
        "id",
        where="state IN ('new', 'retry', 'claimed')",
    )
    _index("ix_outbox_first", "outbox", "first_at")
    _index("ix_outbox_recall", "outbox", "id", where="recall")


def _attempt() -> None:
    op.create_table(
        "attempt",
        _big("id"),
        _big("outbox_id"),
        _int("epoch"),
        _moment("started_at"),
        _moment("ended_at", optional=True),
        _words("outcome", "ok", "refused", "unknown", optional=True),
        _int("errcode", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        _refers("attempt", "outbox_id", "outbox.id"),
        sa.UniqueConstraint("outbox_id", "epoch", name="uq_attempt_outbox_id_epoch"),
    )


def _approval() -> None:
    op.create_table(
        "approval",
        _big("id"),
        _big("case_id"),
        _words("kind", "grade", "signoff", "draft", "extension", "close", "upward"),
        _text("asked_role"),
        _text("asked_userid", optional=True),
        _words("state", "pending", "granted", "conditional", "refused", "withdrawn"),
        _json("proposal"),
        _moment("asked_at"),
        _text("answered_by", optional=True),
        _moment("answered_at", optional=True),
        _text("words"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        _refers("approval", "case_id", "case_file.id"),
    )
    _index("ix_approval_case", "approval", "case_id")
    _index("ix_approval_pending", "approval", "id", where="state IN ('pending')")


def _question() -> None:
    op.create_table(
        "question",
        _text("userid"),
        _text("kind"),
        _json("options"),
        _big("case_id", optional=True),
        _moment("asked_at"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("userid", name="pk_question"),
        _refers("question", "case_id", "case_file.id"),
    )


def _alarm() -> None:
    op.create_table(
        "alarm",
        _big("id"),
        _text("kind"),
        _text("text"),
        _moment("at"),
        _moment("last_at"),
        _moment("ended_at", optional=True),
        _int("count"),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
    )
    _index("uq_alarm_sounding", "alarm", "kind", "text", unique=True, where="ended_at IS NULL")


def _audit() -> None:
    op.create_table(
        "audit",
        _big("seq", given=True),
        _moment("at"),
        _text("actor"),
        _text("role"),
        _text("action"),
        _text("object_type"),
        _text("object_id"),
        _text("result"),
        _json("details"),
        _text("algorithm"),
        _text("prev_hash"),
        _text("hash"),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )


def _budget() -> None:
    op.create_table(
        "budget",
        _text("key"),
        _json("slots"),
        sa.PrimaryKeyConstraint("key", name="pk_budget"),
    )


def _setting() -> None:
    op.create_table(
        "setting",
        _text("key"),
        _json("value"),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )


def _token() -> None:
    op.create_table(
        "token",
        _text("name"),
        _text("value"),
        _moment("expires_at"),
        _int("version"),
        _moment("refreshing_until", optional=True),
        sa.PrimaryKeyConstraint("name", name="pk_token"),
    )


_TABLES = {
    "unit": _unit,
    "person": _person,
    "case_number": _case_number,
    "rulebook": _rulebook,
    "case_file": _case_file,
    "assignment": _assignment,
    "case_event": _case_event,
    "case_link": _case_link,
    "open_link": _open_link,
    "report": _report,
    "metric": _metric,
    "clock": _clock,
    "timer": _timer,
    "inbox": _inbox,
    "outbox": _outbox,
    "attempt": _attempt,
    "approval": _approval,
    "question": _question,
    "alarm": _alarm,
    "audit": _audit,
    "budget": _budget,
    "setting": _setting,
    "token": _token,
}
