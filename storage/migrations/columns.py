"""The vocabulary of revisions: columns by kind. Never changed once a revision uses it."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

Columns = list[sa.Column[object]]


def texts(*names: str, optional: bool = False) -> Columns:
    """Columns of text."""
    return [sa.Column(name, AutoString(), nullable=optional) for name in names]


def moments(*names: str, optional: bool = False) -> Columns:
    """Columns of aware UTC datetimes."""
    return [sa.Column(name, UTCDateTime(), nullable=optional) for name in names]


def json_values(*names: str, optional: bool = False) -> Columns:
    """Columns of JSON values."""
    return [sa.Column(name, sa.JSON(), nullable=optional) for name in names]


def flags(*names: str) -> Columns:
    """Columns of yes or no."""
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def floats(*names: str) -> Columns:
    """Columns of numbers that need not be whole."""
    return [sa.Column(name, sa.Float(), nullable=False) for name in names]


def bytes_(*names: str, optional: bool = False) -> Columns:
    """Columns of bytes."""
    return [sa.Column(name, sa.LargeBinary(), nullable=optional) for name in names]


def ints(*names: str, optional: bool = False, given: bool = False) -> Columns:
    """Columns of small numbers; `given`: a primary key the database does not count up itself."""
    return [
        sa.Column(name, sa.Integer(), nullable=optional, autoincrement=False if given else "auto")
        for name in names
    ]


def big(*names: str, optional: bool = False, given: bool = False) -> Columns:
    """Columns of ids; `given` as for `ints`."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return [
        sa.Column(name, kind, nullable=optional, autoincrement=False if given else "auto")
        for name in names
    ]


def words(name: str, values: str, *, optional: bool = False) -> sa.Column[str]:
    """A column that holds one of the words in `values`, checked by the database."""
    kind = sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kind, nullable=optional)


def refers(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys of `table`: each column with the column it refers to."""
    return [
        sa.ForeignKeyConstraint([name], [to], name=f"fk_{table}_{name}_{to.partition('.')[0]}")
        for name, to in columns.items()
    ]


def index(name: str, table: str, *columns: str, unique: bool = False, where: str = "") -> None:
    """Create an index, over the rows that fulfil `where` if given, on both databases."""
    condition = sa.text(where) if where else None
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )
