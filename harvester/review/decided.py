"""What is decided, for whoever looks for it: by words, by a video's id or address, or all of it.

In:   the database, the catalogue of events, what somebody typed.
Out:  a page of decided videos, the newest decision first, with the number to go on from.
"""

from typing import Any, NamedTuple

from harvester.errors import WrongUse
from harvester.review.search import Catalogue
from harvester.store import reads_decided
from harvester.store.reads_decided import By, Decided
from harvester.youtube import address

__all__ = ["By", "Decided", "DecidedPage", "decided", "decided_video"]

_MOST_WORDS = 8
_EVENTS = 50  # that words may name


class DecidedPage(NamedTuple):
    """Some decided videos; `older` is where the next page begins, None if this is the last."""

    rows: list[Decided]
    older: int | None


def decided(
    session: Any,
    catalogue: Catalogue,
    typed: str = "",
    *,
    by: By | None = None,
    before: int | None = None,
    per_page: int = 50,
) -> DecidedPage:
    """Return decided videos whose title, event or a talk of it has what somebody typed."""
    if typed and (its := decided_video(session, typed)):
        is_wanted = by is None or (by == "rule") == its.decided_by.startswith("rule:")
        return DecidedPage([its] if is_wanted else [], None)
    hits = catalogue.find(typed, limit=_EVENTS) if typed else []
    rows = reads_decided.decided(
        session,
        by=by,
        words=typed.split()[:_MOST_WORDS],
        event_ids=[hit.event.event_id for hit in hits],
        before=before,
        limit=per_page + 1,
    )
    more = len(rows) > per_page
    return DecidedPage(rows[:per_page], rows[per_page - 1].decision_id if more else None)


def decided_video(session: Any, typed: str) -> Decided | None:
    """Return the decided video whose id or address was typed; None if it is none."""
    try:
        return reads_decided.of_video(session, address.video_id(typed))
    except WrongUse:
        return None
