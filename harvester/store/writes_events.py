"""Event records in, and out of use again: a record is never deleted."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from harvester.records import Event, EventRecords, Talk
from harvester.store import schema
from harvester.store.rows import chunks, insert, table, values
from harvester.store.schema import Base


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the events and talks of a source, counted together.

    `withdrawn` are records that it held and holds no longer, `back` those that it holds again.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    back: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(
            self.new + other.new,
            self.changed + other.changed,
            self.same + other.same,
            self.withdrawn + other.withdrawn,
            self.back + other.back,
        )

    def summary(self) -> str:
        """Return it in words, what is nought left out: "3 new, 88 as they were"."""
        counts = {
            "new": self.new,
            "changed": self.changed,
            "withdrawn": self.withdrawn,
            "back again": self.back,
            "as they were": self.same,
        }
        return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "empty"


def save_event_records(session: Session, records: EventRecords, *, now: dt.datetime) -> Loaded:
    """Store what a source holds now; what it held and holds no longer is withdrawn.

    A record that two sources hold belongs to the one that was loaded last: only that
    one can withdraw it.  The events that talks name are stored, or among `records`.
    """
    return _save(session, schema.Event, records.events, records.source, now) + _save(
        session, schema.Talk, records.talks, records.source, now
    )


def _save(
    session: Session,
    model: type[schema.Event] | type[schema.Talk],
    records: Sequence[Event] | Sequence[Talk],
    source: str,
    now: dt.datetime,
) -> Loaded:
    there = table(model)
    [key] = [each.name for each in there.primary_key]
    wanted = {row[key]: row for row in map(values, records)}
    known: dict[str, Mapping[str, Any]] = {}
    for chunk in chunks(wanted):
        query = select(there).where(there.c[key].in_(chunk))
        known |= {row[key]: row for row in session.execute(query).mappings()}

    new, written = [], []
    changed = back = 0
    for record_id, row in wanted.items():
        before = known.get(record_id)
        if before is None:
            new.append(
                {**row, "source": source, "first_seen_at": now, "changed_at": now}
                | {"withdrawn_at": None}
            )
            continue
        differs = any(before[name] != value for name, value in row.items())
        is_back = before["withdrawn_at"] is not None
        if differs or is_back or before["source"] != source:
            changed_at = now if differs else before["changed_at"]
            written.append({**row, "source": source, "changed_at": changed_at})
        back += is_back
        changed += differs and not is_back
    for rows in chunks(new):
        session.execute(insert(session, model), rows)
    _overwrite(session, model, key, written)

    held = select(there.c[key]).where(there.c.source == source, there.c.withdrawn_at.is_(None))
    withdrawn = [record_id for record_id in session.scalars(held) if record_id not in wanted]
    for chunk in chunks(withdrawn):
        session.execute(update(there).where(there.c[key].in_(chunk)).values(withdrawn_at=now))
    return Loaded(
        new=len(new),
        changed=changed,
        same=len(wanted) - len(new) - changed - back,
        withdrawn=len(withdrawn),
        back=back,
    )


def _overwrite(
    session: Session, model: type[Base], key: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    if not rows:
        return
    there = table(model)
    fields = [name for name in rows[0] if name != key]
    session.execute(
        update(there)
        .where(there.c[key] == bindparam("the_key"))
        .values({name: bindparam(f"new_{name}") for name in fields} | {"withdrawn_at": None}),
        [{"the_key": row[key]} | {f"new_{name}": row[name] for name in fields} for row in rows],
    )
