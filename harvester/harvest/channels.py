"""The way into a harvest: one channel after the other.

Whatever ends a harvest, what was written stays, and the next one goes on from there.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from harvester.errors import (
    ChannelNotFound,
    DatabaseUnavailable,
    HarvesterError,
    Interrupted,
    KeyRefused,
    TryLater,
)
from harvester.harvest import playlists, uploads
from harvester.harvest.policy import Policy
from harvester.harvest.work import Progress, Work
from harvester.records import Channel
from harvester.store import reads, writes
from harvester.store.database import Database
from harvester.store.writes import Saved
from harvester.youtube import parse
from harvester.youtube.address import channel_reference
from harvester.youtube.client import YouTube
from harvester.youtube.parse import PARTS

log = structlog.get_logger(__name__)


def harvest(
    channels: Sequence[str],
    *,
    youtube: YouTube,
    database: Database,
    run_id: int,
    now: dt.datetime,
    policy: Policy,
    saved: Saved | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Saved:
    """Bring in what is new, due or gone of each channel, and return what became of the videos.

    `saved` is added to while the work goes on, so that an error does not lose the count.
    Raises the first error of a channel after all channels were tried; one that the next
    channel would meet as well (quota, key, database) at once.
    """
    saved = Saved() if saved is None else saved
    pool = ThreadPoolExecutor(policy.workers, thread_name_prefix="youtube")
    work = Work(youtube, database, pool, run_id, now, policy, saved, progress)
    failed: list[HarvesterError] = []
    done: set[str] = set()
    try:
        for asked_for in channels:
            try:
                channel = _channel(work, asked_for)
                if channel.channel_id in done:  # two names may lead to one channel
                    continue
                done.add(channel.channel_id)
                shown = uploads.bring_in(work, channel)
                playlists.bring_in(work, channel)
                uploads.explain_absences(work, channel, shown)
            except (TryLater, KeyRefused, DatabaseUnavailable):
                raise
            except HarvesterError as error:
                log.info("a channel failed", channel=asked_for, cause=str(error))
                failed.append(error)
    except BaseException as error:
        if isinstance(error, Interrupted) or not isinstance(error, HarvesterError):
            youtube.close()  # wakes the threads that wait for an answer
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    if failed:
        raise failed[0]
    return saved


def _channel(work: Work, asked_for: str) -> Channel:
    """Return the channel that a name leads to; asks YouTube if we do not know it well."""
    with work.database.read() as session:
        state = reads.channel_state(session, asked_for=asked_for)
    if state and not work.policy.channel_is_due(state, work.now):
        return state.channel
    reference = channel_reference(asked_for)
    parts = PARTS["channels.list"]
    answer = work.youtube.page("channels.list", part=parts, **reference.parameters)
    if not answer.items:
        known = f" (what is stored of '{state.channel.title}' stays)" if state else ""
        raise ChannelNotFound(
            f"channel '{asked_for}': YouTube knows none by that name{known};"
            " look at `channels` in the settings"
        )
    channel = parse.channel(answer.items[0])
    with work.database.write() as session:
        writes.save_channel(session, channel, asked_for=asked_for, now=work.now)
    return channel
