"""Cards with what their buttons stand for, and the group chats of cases."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import (
    big,
    flags,
    index,
    ints,
    json_values,
    moments,
    refers,
    texts,
    words,
)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card",
        *texts("task_id", "key", "userid"),
        *big("case_id"),
        words("asks", "sign grade signoff check issue close end extend nothing"),
        *texts("unit", "round", "level"),
        *json_values("face", "buttons"),
        *texts("text"),
        *json_values("codes"),
        words("state", "open settled"),
        *texts("outcome"),
        *flags("stale"),
        *ints("updates"),
        *moments("put_at"),
        *moments("settled_at", optional=True),
        sa.PrimaryKeyConstraint("task_id", name="pk_card"),
        sa.UniqueConstraint("key", name="uq_card_key"),
        *refers("card", case_id="case_file.id"),
    )
    index("ix_card_case", "card", "case_id")
    op.create_table(
        "case_chat",
        *big("case_id", given=True),
        *texts("chat_id", "name", "owner"),
        *json_values("members"),
        words("state", "asked open closed failed"),
        *texts("asked_by"),
        *moments("asked_at"),
        *ints("posts"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_chat"),
        sa.UniqueConstraint("chat_id", name="uq_case_chat_chat_id"),
        *refers("case_chat", case_id="case_file.id"),
    )


def downgrade() -> None:
    op.drop_table("case_chat")
    op.drop_table("card")
