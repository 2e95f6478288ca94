"""What Alembic runs to migrate: in the transaction that it is given, which its giver ends."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from harvester.store.schema import Base, UtcDateTime


def plain_types(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write a new migration without our own types: it must run as it is in ten years."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite cannot alter a column: Alembic copies the table
    render_as_batch=True,
    render_item=plain_types,
)
with context.begin_transaction():
    context.run_migrations()
