"""All tables."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import (
    big,
    bytes_,
    flags,
    floats,
    index,
    ints,
    json_values,
    moments,
    refers,
    texts,
    words,
)

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


def _unit() -> None:
    op.create_table(
        "unit",
        *texts("id", "name"),
        *json_values("aliases", "duties", "areas"),
        *texts("robot", optional=True),
        *flags("active"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
    )


def _person() -> None:
    op.create_table(
        "person",
        *texts("userid", "name"),
        *json_values("roles"),
        *texts("unit_id", optional=True),
        *flags("is_deputy"),
        *texts("phone", optional=True),
        *flags("active"),
        *moments("left_at", optional=True),
        sa.PrimaryKeyConstraint("userid", name="pk_person"),
        *refers("person", unit_id="unit.id"),
    )
    index("ix_person_unit_id", "person", "unit_id")


def _case_number() -> None:
    op.create_table(
        "case_number",
        *texts("day"),
        *ints("last"),
        sa.PrimaryKeyConstraint("day", name="pk_case_number"),
    )


def _rulebook() -> None:
    op.create_table(
        "rulebook",
        *ints("id"),
        *texts("name"),
        *ints("number"),
        *json_values("content"),
        *texts("digest"),
        *moments("imported_at"),
        *texts("imported_by"),
        *flags("in_force"),
        sa.PrimaryKeyConstraint("id", name="pk_rulebook"),
        sa.UniqueConstraint("name", "number", name="uq_rulebook_name_number"),
    )


def _case_file() -> None:
    op.create_table(
        "case_file",
        *big("id"),
        *texts("number", "day"),
        *ints("seq"),
        *texts("title", "summary", "appeal", "platform", "source_media"),
        words(
            "state",
            "reported triage graded approved assigned signed verifying handling reply_draft "
            "reviewing published tracking close_requested closed archived withdrawn merged refused",
        ),
        *texts("level", optional=True),
        *texts("proposed_level"),
        *json_values("proposal"),
        *texts("proposed_unit", optional=True),
        *json_values("plan", optional=True),
        *texts("reported_by"),
        *moments("reported_at"),
        *moments("event_at", optional=True),
        *ints("rulebook_id"),
        *texts("lead_unit", optional=True),
        *json_values("reporters", "missing"),
        *ints("returns", "extensions", "reports"),
        *texts("verdict", optional=True),
        *flags("supervised", "restricted"),
        *texts("merged_into", optional=True),
        *moments("closed_at", optional=True),
        *ints("version"),
        *json_values("facts"),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
        sa.UniqueConstraint("number", name="uq_case_file_number"),
        *refers("case_file", rulebook_id="rulebook.id"),
    )
    index(
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
        *big("id", given=True),
        *big("case_id"),
        *texts("unit_id"),
        words("part", "lead coop"),
        words("state", "assigned signed done declined moved"),
        *texts("assigned_by"),
        *moments("assigned_at"),
        *texts("signed_by", optional=True),
        *moments("signed_at", optional=True),
        *texts("demand"),
        *moments("deadline", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        *refers("assignment", case_id="case_file.id"),
    )
    index("ix_assignment_case_id", "assignment", "case_id")


def _case_event() -> None:
    op.create_table(
        "case_event",
        *big("id", "case_id"),
        *ints("seq"),
        *texts("kind"),
        *json_values("data"),
        *texts("by"),
        *moments("at"),
        *texts("message_key", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
        sa.UniqueConstraint("case_id", "seq", name="uq_case_event_case_id_seq"),
        *refers("case_event", case_id="case_file.id"),
    )


def _case_link() -> None:
    op.create_table(
        "case_link",
        *big("id", "case_id"),
        *texts("link_key", "url", "canonical", "platform", "kind"),
        *texts("item_id", optional=True),
        *flags("needs_expansion"),
        *texts("author", optional=True),
        *texts("added_by"),
        *moments("at"),
        sa.PrimaryKeyConstraint("id", name="pk_case_link"),
        sa.UniqueConstraint("case_id", "link_key", name="uq_case_link_case_id_link_key"),
        *refers("case_link", case_id="case_file.id"),
    )
    index("ix_case_link_link_key", "case_link", "link_key")


def _open_link() -> None:
    op.create_table(
        "open_link",
        *texts("link_key"),
        *big("case_id"),
        sa.PrimaryKeyConstraint("link_key", name="pk_open_link"),
        *refers("open_link", case_id="case_file.id"),
    )
    index("ix_open_link_case_id", "open_link", "case_id")


def _report() -> None:
    op.create_table(
        "report",
        *big("id", "case_id"),
        words("kind", "new repeat supplement"),
        *texts("reporter"),
        *moments("at"),
        *texts("text"),
        *texts("message_key", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        *refers("report", case_id="case_file.id"),
    )
    index("ix_report_case_id", "report", "case_id")


def _metric() -> None:
    op.create_table(
        "metric",
        *big("id", "case_id"),
        *texts("name"),
        *floats("value"),
        *texts("text", optional=True),
        *moments("at"),
        *texts("by"),
        *big("report_id", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_metric"),
        *refers("metric", case_id="case_file.id", report_id="report.id"),
    )
    index("ix_metric_case_id", "metric", "case_id")


def _clock() -> None:
    op.create_table(
        "clock",
        *big("id"),
        *big("case_id", optional=True),
        words("subject_type", "case assignment approval task broadcast roster"),
        *big("subject_id"),
        *texts("step", "holder"),
        *moments("started_at", "counted_at", "due_at"),
        *texts("basis"),
        *flags("provisional", "projected"),
        *json_values("computation"),
        *ints("generation"),
        words("state", "running settled moved cancelled"),
        *moments("ended_at", optional=True),
        *texts("ended_by", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
        *refers("clock", case_id="case_file.id"),
    )
    index("ix_clock_running", "clock", "case_id", where="state = 'running'")
    index("ix_clock_subject", "clock", "subject_type", "subject_id", "step")


def _timer() -> None:
    op.create_table(
        "timer",
        *big("id"),
        words("subject_type", "case assignment approval task broadcast roster"),
        *big("subject_id"),
        *texts("kind", "slot", "addressee"),
        *ints("generation"),
        *big("clock_id", "case_id", optional=True),
        *moments("due_at", "leaves_at"),
        words("state", "pending fired skipped cancelled aside"),
        *texts("reason"),
        *ints("tries"),
        *moments("fired_at", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint(
            "subject_type",
            "subject_id",
            "kind",
            "slot",
            "addressee",
            "generation",
            name="uq_timer_identity",
        ),
        *refers("timer", case_id="case_file.id", clock_id="clock.id"),
    )
    index("ix_timer_case", "timer", "case_id", where="state = 'pending'")
    index("ix_timer_clock", "timer", "clock_id", where="state = 'pending'")
    index("ix_timer_due", "timer", "leaves_at", "id", where="state = 'pending'")


def _inbox() -> None:
    op.create_table(
        "inbox",
        *big("id"),
        *texts("key"),
        words("channel", "app robot appchat aibot sandbox"),
        *texts("agent_id", "sender"),
        *moments("created_at", "received_at"),
        *bytes_("envelope", optional=True),
        *json_values("query"),
        words("state", "waiting done quarantined aside"),
        *ints("tries"),
        *texts("outcome", optional=True),
        *moments("done_at", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("key", name="uq_inbox_key"),
        sqlite_autoincrement=True,
    )
    index("ix_inbox_order", "inbox", "id", where="state = 'waiting'")
    index("ix_inbox_sender", "inbox", "sender", "id", where="state = 'waiting'")


def _outbox() -> None:
    op.create_table(
        "outbox",
        *big("id"),
        *texts("key"),
        *big("case_id", "clock_id", optional=True),
        *ints("generation", optional=True),
        *texts("kind"),
        words("channel", "app robot appchat aibot sandbox"),
        *texts("recipient"),
        *ints("priority"),
        *texts("payload", "payload_sha"),
        *json_values("mentions"),
        *texts("reason"),
        words("state", "new retry claimed sent failed cancelled"),
        *moments("next_at"),
        *moments("lease_until", optional=True),
        *texts("owner", optional=True),
        *ints("epoch", "attempts"),
        *texts("msgid", optional=True),
        *ints("errcode", optional=True),
        *texts("error", optional=True),
        *moments("first_at"),
        *moments("sent_at", optional=True),
        *texts("ended_reason", optional=True),
        *flags("recall"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        *refers("outbox", case_id="case_file.id", clock_id="clock.id"),
    )
    index("ix_outbox_case", "outbox", "case_id")
    index("ix_outbox_clock", "outbox", "clock_id")
    index("ix_outbox_dead", "outbox", "id", where="state = 'failed'")
    index(
        "ix_outbox_due",
        "outbox",
        "priority",
        "next_at",
        "id",
        where="state IN ('new', 'retry', 'claimed')",
    )
    index("ix_outbox_first", "outbox", "first_at")
    index("ix_outbox_recall", "outbox", "id", where="recall")


def _attempt() -> None:
    op.create_table(
        "attempt",
        *big("id", "outbox_id"),
        *ints("epoch"),
        *moments("started_at"),
        *moments("ended_at", optional=True),
        words("outcome", "ok refused unknown", optional=True),
        *ints("errcode", optional=True),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.UniqueConstraint("outbox_id", "epoch", name="uq_attempt_outbox_id_epoch"),
        *refers("attempt", outbox_id="outbox.id"),
    )


def _approval() -> None:
    op.create_table(
        "approval",
        *big("id", "case_id"),
        words("kind", "grade signoff draft extension close upward"),
        *texts("asked_role"),
        *texts("asked_userid", optional=True),
        words("state", "pending granted conditional refused withdrawn"),
        *json_values("proposal"),
        *moments("asked_at"),
        *texts("answered_by", optional=True),
        *moments("answered_at", optional=True),
        *texts("words"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        *refers("approval", case_id="case_file.id"),
    )
    index("ix_approval_case", "approval", "case_id")
    index("ix_approval_pending", "approval", "id", where="state = 'pending'")


def _question() -> None:
    op.create_table(
        "question",
        *texts("userid"),
        *ints("number", given=True),
        *ints("offer"),
        *json_values("says"),
        *big("case_id", optional=True),
        *moments("asked_at", "expires_at"),
        sa.PrimaryKeyConstraint("userid", "number", name="pk_question"),
        *refers("question", case_id="case_file.id"),
    )


def _alarm() -> None:
    op.create_table(
        "alarm",
        *big("id"),
        *texts("kind", "text"),
        *moments("at", "last_at"),
        *moments("ended_at", optional=True),
        *ints("count"),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
    )
    index("uq_alarm_sounding", "alarm", "kind", "text", unique=True, where="ended_at IS NULL")


def _audit() -> None:
    op.create_table(
        "audit",
        *big("seq", given=True),
        *moments("at"),
        *texts("actor", "role", "action", "object_type", "object_id", "result"),
        *json_values("details"),
        *texts("algorithm", "prev_hash", "hash"),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )


def _budget() -> None:
    op.create_table(
        "budget",
        *texts("key"),
        *json_values("slots"),
        sa.PrimaryKeyConstraint("key", name="pk_budget"),
    )


def _setting() -> None:
    op.create_table(
        "setting",
        *texts("key"),
        *json_values("value"),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )


def _token() -> None:
    op.create_table(
        "token",
        *texts("name", "value"),
        *moments("expires_at"),
        *ints("version"),
        *moments("refreshing_until", optional=True),
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
