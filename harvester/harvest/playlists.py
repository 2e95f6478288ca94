"""The channel's own playlists, and which videos are in them.

What one playlist holds is read to the end, then replaced as a whole.
"""

from concurrent.futures import Future, as_completed

import structlog

from harvester.errors import ApiFormatError, DatabaseUnavailable, HarvesterError, Interrupted
from harvester.harvest.listing import BATCH
from harvester.harvest.work import Work
from harvester.records import Channel, Playlist, PlaylistItem
from harvester.store import reads, writes
from harvester.store.reads import PlaylistState
from harvester.youtube import parse
from harvester.youtube.client import Page
from harvester.youtube.errors import NoSuchChannel, PlaylistNotFound
from harvester.youtube.parse import PARTS

log = structlog.get_logger(__name__)


def bring_in(work: Work, channel: Channel) -> None:
    """Bring in the channel's playlists, if they are due, and the entries of those that changed.

    Raises the first error that YouTube answered with, after all that was under way is stored.
    """
    channel_id = channel.channel_id
    with work.database.read() as session:
        state = reads.channel_state_by_id(session, channel_id)
        known = reads.playlist_states(session, channel_id)
        has_new = reads.has_new_videos(session, channel_id)
    is_due = work.policy.playlists_are_due(state, work.now, has_new_videos=has_new)
    if is_due:
        playlists = _playlists(work, channel, known)
        with work.database.write() as session:
            writes.save_playlists(session, channel_id, playlists, now=work.now)
            known = reads.playlist_states(session, channel_id)
    # also without that: a run that was cut off may have left some unread
    _read_entries(
        work,
        [each.playlist for each in known.values() if work.policy.entries_are_due(each, work.now)],
    )


def _playlists(work: Work, channel: Channel, known: dict[str, PlaylistState]) -> list[Playlist]:
    """Return the playlists that the channel has.

    A known one that is not listed is asked for by its id before it counts as gone: a list that
    shifts between two pages skips some.
    """
    found: dict[str, Playlist] = {}  # by id: one that is listed twice is one

    def take(page: Page) -> None:
        for item in page.items:
            try:
                playlist = parse.playlist(item)
                found[playlist.playlist_id] = playlist
            except ApiFormatError as error:
                log.warning("a playlist was left as it is", cause=str(error))
                playlist_id = item.get("id") if isinstance(item, dict) else None
                if playlist_id in known:
                    found[playlist_id] = known[playlist_id].playlist

    part = PARTS["playlists.list"]
    try:
        for page in work.youtube.pages(
            "playlists.list", part=part, channelId=channel.channel_id, maxResults=BATCH
        ):
            take(page)
    except NoSuchChannel as error:
        log.info("no playlists", channel=channel.title, cause=str(error))
        return [each.playlist for each in known.values()]
    unlisted = [each for each in known if each not in found]
    for first in range(0, len(unlisted), BATCH):
        ids = ",".join(unlisted[first : first + BATCH])
        take(work.youtube.page("playlists.list", part=part, id=ids))
    return list(found.values())


def _read_entries(work: Work, playlists: list[Playlist]) -> None:
    asked: dict[Future[list[Page]], Playlist] = {}
    for playlist in playlists:
        if playlist.item_count == 0:
            _store(work, playlist, [])
        else:
            asked[work.pool.submit(_pages, work, playlist)] = playlist
    failure: HarvesterError | None = None
    for future in as_completed(asked):
        if future.cancelled():
            continue
        try:
            _store(work, asked[future], future.result())
        except PlaylistNotFound as error:
            log.info("a playlist cannot be read", title=asked[future].title, cause=str(error))
            with work.database.write() as session:
                writes.skip_playlist_entries(session, asked[future], now=work.now)
        except (Interrupted, DatabaseUnavailable):
            raise
        except HarvesterError as error:
            failure = failure or error
            for other in asked:
                other.cancel()
    if failure:
        raise failure


def _pages(work: Work, playlist: Playlist) -> list[Page]:
    return list(
        work.youtube.pages(
            "playlistItems.list",
            part=PARTS["playlistItems.list"],
            playlistId=playlist.playlist_id,
            maxResults=BATCH,
        )
    )


def _store(work: Work, playlist: Playlist, pages: list[Page]) -> None:
    items: list[PlaylistItem] = []
    for page in pages:
        for item in page.items:
            try:
                items.append(parse.playlist_item(item))
            except ApiFormatError as error:
                log.warning("an entry of a playlist was left out", cause=str(error))
    with work.database.write() as session:
        writes.save_playlist_entries(session, playlist, items, now=work.now)
