"""Use case: candidates for all videos, and decisions by rule.

In:   the database and the linkage model.
Out:  each video's candidates with their evidence, and a decision where the rule
      is sure enough, in the database; how many of which.

One read, pure work, one write.  A video that an editor judges in between is left
out by the write, so nobody's word is overrun.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from harvester import linkage, parallel
from harvester.linkage import Model
from harvester.records import Outcome
from harvester.store import reads, writes
from harvester.store.database import Database

_MANY = 5000  # videos from which several processes are worth it


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What the rule made of the videos that no editor has judged."""

    matched: int = 0
    to_review: int = 0
    unmatched: int = 0


def link(*, database: Database, model: Model, run_id: int, now: dt.datetime) -> LinkCounts:
    """Link all videos that no editor has judged, and store what came of it.

    Running it again on the same data writes nothing.
    """
    with database.read() as session:
        videos = reads.videos_to_link(session)
        events = reads.events(session)
        talks = reads.talks(session)
        playlists = reads.playlist_titles(session)
        judged = reads.editor_links(session)
    shown = {
        each.talk_id: video_id
        for video_id, links in sorted(judged.items())
        for each in links
        if each.talk_id
    }
    linkings = linkage.link(
        videos,
        events,
        talks,
        model=model,
        playlists=playlists,
        shown=shown,
        mapper=parallel.mapper() if len(videos) > _MANY else map,
    )
    with database.write() as session:
        writes.save_linkings(session, linkings, model=model.name, run_id=run_id, now=now)
    outcomes = Counter(each.outcome for each in linkings)
    return LinkCounts(
        matched=outcomes[Outcome.AUTO],
        to_review=outcomes[Outcome.REVIEW],
        unmatched=outcomes[Outcome.NONE],
    )
