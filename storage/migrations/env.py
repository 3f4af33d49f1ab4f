"""How Alembic meets our tables: called with a connection by `storage.schema`, or from its tool."""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

from storage.engines import parse
from storage.tables import METADATA


def migrate(connection: Connection) -> None:
    """Run the migrations on `connection`; whoever opened the transaction commits it."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,  # on both: a revision written on PostgreSQL has to run on SQLite
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    # To write a revision: alembic -x url=sqlite:///scratch.db revision --autogenerate -m "…"
    url = parse(context.get_x_argument(as_dictionary=True)["url"])
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as opened:
        migrate(opened)
