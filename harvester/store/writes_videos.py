"""Videos in: what YouTube returned, what it did not, and the history of both."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from harvester.records import Availability, Gone, PlaylistItem, Privacy, Video
from harvester.store import schema
from harvester.store.rows import chunks, insert, plain, table, values

TRACKED = (
    "title",
    "duration_s",
    "caption_flag",
    "privacy",
    "availability",
    "live_state",
    "published_at",
)
"""The fields of a video whose changes are kept as history."""

_GONE = (Availability.PRIVATE, Availability.DELETED)
_ABSENT = (*_GONE, Availability.UNKNOWN)


@dataclass(slots=True)
class Saved:
    """What became of the videos of a call: each counts in one of these.

    `back` are videos that were gone and are returned again, `gone` those that went.
    `+=` adds in place: a run counts in one of these while it works, and an error on its
    way does not lose the count.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    back: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            self.new + other.new,
            self.changed + other.changed,
            self.same + other.same,
            self.gone + other.gone,
            self.back + other.back,
        )

    def __iadd__(self, other: "Saved") -> "Saved":
        for name in ("new", "changed", "same", "gone", "back"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


def save_videos(
    session: Session, videos: Sequence[Video], *, now: dt.datetime, run_id: int
) -> Saved:
    """Store videos that YouTube returned; their channels are stored already.

    A video that is as we know it is not written, only that we asked for it.  What
    changed of the fields in TRACKED is kept as history.
    """
    saved = Saved()
    for chunk in chunks({video.video_id: video for video in videos}.values()):
        saved += _save_chunk(session, chunk, now=now, run_id=run_id)
    return saved


def _save_chunk(
    session: Session, videos: Sequence[Video], *, now: dt.datetime, run_id: int
) -> Saved:
    rows = [{**values(video), "availability": video.privacy.value} for video in videos]
    fields = tuple(rows[0])
    video = table(schema.Video)
    query = select(*(video.c[name] for name in fields)).where(
        video.c.video_id.in_([row["video_id"] for row in rows])
    )
    known = {row["video_id"]: row for row in session.execute(query).mappings()}

    new = [row for row in rows if row["video_id"] not in known]
    changed: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    back = 0
    for row in rows:
        before = known.get(row["video_id"])
        if before is None or tuple(before.values()) == tuple(row.values()):
            continue
        changed.append(row)
        is_back = before["availability"] in _ABSENT and row["availability"] not in _ABSENT
        back += is_back
        for name in TRACKED:
            if before[name] != row[name]:
                evidence = "returned again" if is_back and name == "availability" else None
                changes.append(_change(row["video_id"], name, before[name], row[name], evidence))

    if new:
        session.execute(
            insert(session, schema.Video), [row | {"first_seen_at": now} for row in new]
        )
    _update(session, changed)
    _append_changes(session, changes, now=now, run_id=run_id)
    check = table(schema.VideoCheck)
    if known:
        session.execute(
            update(check)
            .where(check.c.video_id.in_(list(known)))
            .values(asked_at=now, refreshed_at=now, missing_since=None)
        )
    if new:
        asked = {"asked_at": now, "refreshed_at": now, "missing_since": None}
        session.execute(
            insert(session, schema.VideoCheck),
            [{"video_id": row["video_id"], **asked} for row in new],
        )
    return Saved(
        new=len(new),
        changed=len(changed) - back,
        same=len(rows) - len(new) - len(changed),
        back=back,
    )


def save_gone(session: Session, gone: Sequence[Gone], *, now: dt.datetime, run_id: int) -> int:
    """Enter that YouTube did not return these videos; return how many went by it.

    One that was away already and is now known to be private or deleted is not counted again.
    What we know of them stays.  A video that is known as private or deleted does not
    become unknown, and one that is not stored is none of ours (`save_unseen`).
    """
    went = 0
    for chunk in chunks({each.video_id: each for each in gone}.values()):
        video, check = table(schema.Video), table(schema.VideoCheck)
        ids = [each.video_id for each in chunk]
        query = select(video.c.video_id, video.c.availability).where(video.c.video_id.in_(ids))
        known = {row.video_id: row.availability for row in session.execute(query)}
        changed, changes = [], []
        for each in chunk:
            before, after = known.get(each.video_id), each.availability
            if before is None or before == after:
                continue
            if before in _GONE and after == Availability.UNKNOWN:
                continue
            changed.append({"video_id": each.video_id, "availability": after.value})
            changes.append(
                _change(each.video_id, "availability", before, after.value, each.evidence)
            )
        _update(session, changed)
        _append_changes(session, changes, now=now, run_id=run_id)
        session.execute(
            update(check)
            .where(check.c.video_id.in_(list(known)))
            .values(asked_at=now, missing_since=func.coalesce(check.c.missing_since, now))
        )
        went += sum(known[row["video_id"]] not in _ABSENT for row in changed)
    return went


def save_unseen(
    session: Session,
    channel_id: str,
    items: Sequence[PlaylistItem],
    gone: Sequence[Gone],
    *,
    now: dt.datetime,
    run_id: int,
) -> int:
    """Store videos that are listed but were never returned, so that none is lost; return how many.

    They have what the listing says of them; a private or deleted one has no title.
    Videos that are stored already are left alone.
    """
    reasons = {each.video_id: each for each in gone}
    by_id = {item.video_id: item for item in items}
    stored = 0
    for chunk in chunks(by_id.values()):
        ids = [item.video_id for item in chunk]
        video = table(schema.Video)
        known = set(session.scalars(select(video.c.video_id).where(video.c.video_id.in_(ids))))
        rows: list[dict[str, Any]] = []
        changes = []
        for item in chunk:
            if item.video_id in known:
                continue
            reason = reasons.get(item.video_id)
            availability = (
                reason.availability if reason else item.placeholder or Availability.UNKNOWN
            )
            private = availability == Availability.PRIVATE
            rows.append(
                {
                    "video_id": item.video_id,
                    "channel_id": channel_id,
                    "title": None if item.placeholder else item.title,
                    "description": "",
                    "published_at": item.video_published_at,
                    "privacy": (Privacy.PRIVATE if private else Privacy.UNKNOWN).value,
                    "availability": availability.value,
                    "live_state": "unknown",
                    "tags": [],
                    "first_seen_at": now,
                }
            )
            evidence = reason.evidence if reason else "listed, and not returned"
            changes.append(
                _change(item.video_id, "availability", None, availability.value, evidence)
            )
        if rows:
            session.execute(insert(session, schema.Video), rows)
            session.execute(
                insert(session, schema.VideoCheck),
                [
                    {"video_id": row["video_id"], "asked_at": now, "missing_since": now}
                    for row in rows
                ],
            )
            _append_changes(session, changes, now=now, run_id=run_id)
        stored += len(rows)
    return stored


def _update(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows, all of the same fields, over those of their video."""
    if not rows:
        return
    there = table(schema.Video)
    fields = [name for name in rows[0] if name != "video_id"]
    session.execute(
        update(there)
        .where(there.c.video_id == bindparam("the_id"))
        .values({name: bindparam(f"new_{name}") for name in fields}),
        [
            {"the_id": row["video_id"]} | {f"new_{name}": row[name] for name in fields}
            for row in rows
        ],
        execution_options={"synchronize_session": False},
    )


def _change(
    video_id: str, name: str, old: object, new: object, evidence: str | None
) -> dict[str, Any]:
    return {
        "video_id": video_id,
        "field": name,
        "old_value": _text(old),
        "new_value": _text(new),
        "evidence": evidence,
    }


def _text(value: object) -> str | None:
    """Return a value for the history, the same on both engines."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return str(plain(value))


def _append_changes(
    session: Session, changes: Iterable[Mapping[str, Any]], *, now: dt.datetime, run_id: int
) -> None:
    rows = [{**change, "changed_at": now, "run_id": run_id} for change in changes]
    if rows:
        session.execute(insert(session, schema.VideoChange), rows)
