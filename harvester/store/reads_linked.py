"""What is known of the last linking, and what changed since: so that only that is linked anew.

A hash stands for all that linking looks at in a video, or in the records: as long as
it is the same, nothing has to be computed to know that nothing would come of it.
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import JSON, ColumnElement, Row, Select, Text, cast, select, type_coerce
from sqlalchemy.orm import Session

from harvester import records
from harvester.records import Link, Outcome
from harvester.store import schema
from harvester.store.reads_linking import (
    IN_FORCE,
    editor_links,
    may_be_linked,
    may_be_shown,
    playlist_titles,
    rejected_pairs,
    talk_may_be_shown,
)
from harvester.store.rows import record, table

LOOKED_AT = (
    "channel_id",
    "title",
    "description",
    "published_at",
    "duration_s",
    "live_state",
    "live_started_at",
    "recorded_on",
)
"""What linking looks at in a video, beside the titles of its playlists."""

_AT_ONCE = 5000  # rows


@dataclass(frozen=True, slots=True)
class Linked:
    """What the last linking made of a video, and the hash of what it looked at."""

    input_hash: str | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What all linkings rest on, beside the videos themselves."""

    model_hash: str
    records_hash: str
    shown_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkingState:
    """What all videos were last linked by, and what has happened since."""

    basis: Basis
    linked_all_at: dt.datetime
    linked_at: dt.datetime
    linked_since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkingInput:
    """All that tells whether something is to be linked, by video where it is of videos."""

    state: LinkingState | None  # None before the first linking
    records_hash: str
    hashes: Mapping[str, str]  # of what linking looks at, for each video that a rule may decide
    linked: Mapping[str, Linked]  # also of videos that an editor judged, or that are gone
    decided: frozenset[str]  # videos for which a rule's decision is in force
    editor_links: Mapping[str, tuple[Link, ...]]


def linking_input(session: Session) -> LinkingInput:
    """Return what tells whether something is to be linked, without a record being made."""
    decided = select(IN_FORCE.c.video_id).where(IN_FORCE.c.is_rule == 1)
    return LinkingInput(
        state=_state(session),
        records_hash=_records_hash(session),
        hashes=_video_hashes(session),
        linked=_linked(session),
        decided=frozenset(session.scalars(decided)),
        editor_links=editor_links(session),
    )


def _state(session: Session) -> LinkingState | None:
    query = select(table(schema.LinkingState))
    row = session.execute(query).mappings().first()
    return record(LinkingState, row, basis=record(Basis, row)) if row else None


def _linked(session: Session) -> dict[str, Linked]:
    there = table(schema.VideoLinking)
    query = select(there.c.video_id, there.c.input_hash, there.c.outcome)
    words = {outcome.value: outcome for outcome in Outcome}
    return {
        row.video_id: Linked(row.input_hash, words[row.outcome]) for row in _rows(session, query)
    }


def _video_hashes(session: Session) -> dict[str, str]:
    playlists = playlist_titles(session)
    rejected: dict[str, list[str]] = {}
    for video_id, event_id in sorted(rejected_pairs(session)):
        rejected.setdefault(video_id, ["rejected"]).append(event_id)
    video = table(schema.Video)
    query = select(video.c.video_id, *_as_kept(video.c[name] for name in LOOKED_AT))
    hashes = {}
    for row in _rows(session, query.where(*may_be_linked())):
        beside = (*playlists.get(row[0], ()), *rejected.get(row[0], ()))
        hashes[row[0]] = hashlib.sha256(_bytes((*row[1:], *beside))).hexdigest()
    return hashes


def _records_hash(session: Session) -> str:
    event, talk = table(schema.Event), table(schema.Talk)
    shown = may_be_shown()
    events = select(*_fields(schema.Event, records.Event)).where(*shown).order_by(event.c.event_id)
    talks = (
        select(*_fields(schema.Talk, records.Talk))
        .join(event, event.c.event_id == talk.c.event_id)
        .where(*shown, *talk_may_be_shown())
        .order_by(talk.c.talk_id)
    )
    digest = hashlib.sha256()
    for row in chain(_rows(session, events), _rows(session, talks)):
        digest.update(_bytes(row))
    return digest.hexdigest()


def _rows(session: Session, query: Select[Any]) -> Iterator[Row[Any]]:
    """Yield rows, read many at once: one by one costs twice the time."""
    for some in session.execute(query).partitions(_AT_ONCE):
        yield from some


def _fields(
    model: type[schema.Base], kind: type[records.Event] | type[records.Talk]
) -> Iterator[ColumnElement[Any]]:
    return _as_kept(table(model).c[field.name] for field in dataclasses.fields(kind))


def _as_kept(columns: Iterable[ColumnElement[Any]]) -> Iterator[ColumnElement[Any]]:
    """Yield columns as the database keeps them: of 100,000 rows, none is made into an object."""
    for each in columns:
        if isinstance(each.type, JSON):
            yield cast(each, Text)
        else:
            yield type_coerce(each, Text)


def _bytes(row: Iterable[object]) -> bytes:
    return "\0".join(map(str, row)).encode(errors="surrogatepass") + b"\0\0"


def changed_records(session: Session, since: dt.datetime) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of the events, and of the talks, that came or changed after an instant."""
    event, talk = table(schema.Event), table(schema.Talk)
    events = session.scalars(select(event.c.event_id).where(event.c.changed_at > since))
    talks = session.scalars(select(talk.c.talk_id).where(talk.c.changed_at > since))
    return frozenset(events), frozenset(talks)


def best_events(session: Session) -> dict[str, str]:
    """Return the event of each video's best candidate in the last linking, by video."""
    candidate = table(schema.Candidate)
    query = select(candidate.c.video_id, candidate.c.event_id).where(candidate.c.rank == 1)
    return {row.video_id: row.event_id for row in session.execute(query)}
