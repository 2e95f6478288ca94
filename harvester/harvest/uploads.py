"""The videos of a channel: listed page by page, asked for in batches, stored as they come in.

The pages form a chain, for each holds the token of the next; the batches run
beside it in other threads.  Only this thread writes: one transaction for each
batch that was answered, together with how far the listing is stored by it.
"""

from collections.abc import Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from typing import Any

import structlog

from harvester.errors import ApiFormatError, DatabaseUnavailable, HarvesterError, Interrupted
from harvester.harvest.listing import BATCH, Batches, Listing
from harvester.harvest.work import Work
from harvester.records import Availability, Channel, Gone, PlaylistItem, Video
from harvester.store import reads, writes
from harvester.store.writes import Saved
from harvester.youtube import parse
from harvester.youtube.client import Answer, Page, items_of
from harvester.youtube.errors import InvalidPageToken, PlaylistNotFound
from harvester.youtube.parse import PARTS

MAX_RESTARTS = 2
"""So often a listing begins anew within a run because YouTube no longer takes its page tokens."""

PAGES_AHEAD = 2
"""So many batches of new videos may be under way when the next page is asked for.  Without a limit
pages would run ahead and spend a small rest of quota that their videos need as well."""

log = structlog.get_logger(__name__)


def bring_in(work: Work, channel: Channel) -> dict[str, Availability]:
    """Bring in the channel's videos: what is new, what is due, and what is gone.

    Returns the videos that the uploads list shows as private or deleted.
    Raises the first error that YouTube answered with, after all that was under way is stored.
    """
    batches = Batches()
    listing = _open(work, channel, batches, newest_only=False)
    _Uploads(work, channel, listing, batches).bring_in()
    shown = listing.placeholders
    if listing.was_resumed and not listing.has_gaps:
        # that was the rest of an earlier listing: what was published since is at the top
        listing = _open(work, channel, batches, newest_only=True)
        _Uploads(work, channel, listing, batches).bring_in()
        shown |= listing.placeholders
    return shown


def explain_absences(work: Work, channel: Channel, shown: Mapping[str, Availability]) -> None:
    """Say of videos that are no longer returned whether they are private or deleted.

    The channel's playlists may tell: they keep the place of such a video.  So may the uploads
    list (`shown`), whose page may have come in after it was clear that the video is away.
    """
    with work.database.read() as session:
        unexplained = reads.unexplained_videos(session, channel.channel_id)
        placeholders = reads.placeholders(session, unexplained)
    placeholders |= {each: shown[each] for each in unexplained if each in shown}
    if placeholders:
        gone = [_gone(video_id, placeholder) for video_id, placeholder in placeholders.items()]
        with work.database.write() as session:
            writes.save_gone(session, gone, now=work.now, run_id=work.run_id)


def _open(work: Work, channel: Channel, batches: Batches, *, newest_only: bool) -> Listing:
    """Open a listing, or the one that was cut off, and enter the videos that are due."""
    channel_id = channel.channel_id
    with work.database.read() as session:
        state = reads.channel_state_by_id(session, channel_id)
    lists_all = not newest_only and work.policy.lists_all(state, work.now)
    with work.database.write() as session:
        writes.listing_starts(session, channel_id, full=lists_all, now=work.now)
    with work.database.read() as session:
        state = reads.channel_state_by_id(session, channel_id)
        if not newest_only:
            due = work.policy.due_videos(state, work.now)
            batches.add(reads.due_videos(session, channel_id, **due))
    return Listing(
        since=state.listing_since or work.now,
        is_full=state.listing_is_full,
        token=state.listing_token,
    )


class _Uploads:
    """One listing with its batches, from the first request to the last transaction."""

    def __init__(self, work: Work, channel: Channel, listing: Listing, batches: Batches) -> None:
        self._work, self._channel, self._listing, self._batches = work, channel, listing, batches
        # what is asked for, by its future; None stands for a page
        self._under_way: dict[Future[Any], list[str] | None] = {}
        self._failure: HarvesterError | None = None
        self._restarts = 0

    def bring_in(self) -> None:
        self._ask()
        while self._under_way:
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            # a page first: the chain goes on while batches are written
            for future in sorted(done, key=lambda future: self._under_way[future] is not None):
                ids = self._under_way.pop(future)
                try:
                    if ids is None:
                        self._take_page(future.result())
                    else:
                        self._take_batch(ids, future.result())
                except (Interrupted, DatabaseUnavailable):
                    raise
                except HarvesterError as error:
                    self._take_error(error, is_page=ids is None)
                self._ask()
                self._report()
        if self._failure:
            raise self._failure
        self._close()

    # --- asking

    def _ask(self) -> None:
        """Ask for the next page and for as many batches as may be under way."""
        if self._failure:
            return
        self._ask_for_page()
        # one thread is left to the pages; and if there is only one, they take turns
        while len(self._under_way) < max(2, self._work.policy.workers):
            if len(self._batches) < BATCH:
                # less than a batch waits until nothing else can come
                if not self._batches or not self._listing.is_read or self._under_way:
                    return
                self._fill_up()
            self._submit(self._batch, self._batches.next())

    def _ask_for_page(self) -> None:
        under_way = self._under_way.values()
        if self._listing.is_read or None in under_way:
            return
        if sum(self._batches.holds_new(ids) for ids in under_way if ids) < PAGES_AHEAD:
            self._submit(self._page, None)

    def _fill_up(self) -> None:
        """Fill the last batch up with the videos that were asked for longest ago."""
        if room := self._batches.room():
            with self._work.database.read() as session:
                oldest = reads.oldest_asked(
                    session,
                    self._channel.channel_id,
                    limit=room,
                    exclude=self._batches.asked,
                )
            self._batches.add(oldest)

    def _submit(self, what: Any, ids: list[str] | None) -> None:
        self._under_way[self._work.pool.submit(what, ids)] = ids

    def _page(self, _: None) -> Page:
        return self._work.youtube.page(
            "playlistItems.list",
            token=self._listing.token,
            part=PARTS["playlistItems.list"],
            playlistId=self._channel.uploads_playlist_id,
            maxResults=BATCH,
        )

    def _batch(self, ids: list[str]) -> Answer:
        return self._work.youtube.call("videos.list", part=PARTS["videos.list"], id=",".join(ids))

    # --- taking what comes in

    def _take_page(self, page: Page) -> None:
        work, listing = self._work, self._listing
        items = _parsed(page)
        ids = [item.video_id for item in items]
        known: set[str] = set()
        if not listing.is_full:
            with work.database.read() as session:
                known = reads.known_videos(session, ids, before=listing.since)
        listing.take(items, next_token=page.next_token, total=page.total, known=known)
        self._ask_for_page()  # before the rest, as the chain of pages takes longest

        with work.database.read() as session:
            stored = reads.known_videos(session, ids)
            absent = reads.absent_videos(session, ids)
            lately = reads.refreshed_since(session, ids, work.policy.asked_lately(work.now))
        # a video is as we know it if the list shows it as we know it: there, or as a placeholder
        as_known = {
            item.video_id for item in items if (item.video_id in absent) == bool(item.placeholder)
        }
        self._batches.add(
            (each for each in ids if each not in stored or each not in as_known | lately),
            is_new=True,
        )
        listing.waits_for(page.token, self._batches.awaited.intersection(ids))
        self._listed()
        if listing.stored(()):
            with work.database.write() as session:
                writes.listing_reached(session, self._channel.channel_id, token=listing.reached)

    def _listed(self) -> None:
        """After the last page of all uploads, ask for the videos that should have been there.

        To be missing in the list is no proof: YouTube leaves out public videos, too.
        """
        listing = self._listing
        if listing.is_read and listing.is_full and not listing.was_resumed:
            with self._work.database.read() as session:
                self._batches.add(
                    reads.unlisted_known(session, self._channel.channel_id, listing.items)
                )

    def _take_batch(self, ids: list[str], answer: Answer) -> None:
        work, listing = self._work, self._listing
        videos, unreadable = self._videos(ids, answer)
        missing = [each for each in ids if each not in videos and each not in unreadable]
        with work.database.read() as session:
            absent = reads.absent_videos(session, missing)
        # that a video is still away needs no second witness
        twice = self._batches.ask_again(each for each in missing if each not in absent)
        if len(videos) + len(unreadable) < len(items_of(answer, "videos.list")):
            # an item that nobody can name may be one of these: that proves nothing
            unreadable |= {each: _unreadable(each, "an item lacks its id") for each in twice}
            twice = []
        gone = [_gone(each, listing.placeholder(each)) for each in (*absent, *twice)]
        unseen = [
            item
            for each in (*(each.video_id for each in gone), *unreadable)
            if (item := listing.items.get(each))
        ]
        settled = [*videos, *unreadable, *absent, *twice]
        self._batches.settle(settled)
        with work.database.write() as session:
            more = writes.save_videos(
                session, list(videos.values()), now=work.now, run_id=work.run_id
            )
            more += Saved(
                gone=writes.save_gone(session, gone, now=work.now, run_id=work.run_id),
                new=writes.save_unseen(
                    session,
                    self._channel.channel_id,
                    unseen,
                    [*gone, *unreadable.values()],
                    now=work.now,
                    run_id=work.run_id,
                ),
            )
            if listing.stored(settled):
                writes.listing_reached(session, self._channel.channel_id, token=listing.reached)
        saved = work.saved
        saved += more

    def _videos(
        self, ids: Collection[str], answer: Answer
    ) -> tuple[dict[str, Video], dict[str, Gone]]:
        """Return the videos of an answer by id, and those that came in a form unknown to us."""
        videos: dict[str, Video] = {}
        unreadable: dict[str, Gone] = {}
        for item in items_of(answer, "videos.list"):
            try:
                video = parse.video(item)
            except ApiFormatError as error:
                log.warning("a video was left as it is", cause=str(error))
                video_id = item.get("id") if isinstance(item, dict) else None
                if isinstance(video_id, str) and video_id in ids:
                    unreadable[video_id] = _unreadable(video_id, str(error))
                continue
            if video.video_id in ids:
                # it is the channel whose uploads list shows it
                videos[video.video_id] = replace(video, channel_id=self._channel.channel_id)
        return videos, unreadable

    def _take_error(self, error: HarvesterError, *, is_page: bool) -> None:
        """Mend what can be mended; keep the first other error until all else has come in."""
        listing = self._listing
        if is_page and isinstance(error, PlaylistNotFound):
            log.info("no uploads list", channel=self._channel.title, cause=str(error))
            listing.ends_here()
            self._listed()
        elif (
            is_page
            and isinstance(error, InvalidPageToken)
            and listing.token is not None
            and self._restarts < MAX_RESTARTS
        ):
            log.info("the listing begins anew", channel=self._channel.title, cause=str(error))
            self._restarts += 1
            listing.starts_again()
        else:
            self._failure = self._failure or error

    # --- the end

    def _close(self) -> None:
        with self._work.database.write() as session:
            channel_id = self._channel.channel_id
            if self._listing.has_gaps:
                # it stays open, and the next run lists from the top again
                log.info("the uploads changed while they were listed", channel=self._channel.title)
                writes.listing_reached(session, channel_id, token=None)
            else:
                writes.listing_ends(
                    session, channel_id, complete=self._listing.is_full, now=self._work.now
                )

    def _report(self) -> None:
        self._work.report(
            self._channel.title,
            listed=len(self._listing.items),
            total=self._listing.total,
            asked=self._batches.answered,
        )


def _parsed(page: Page) -> list[PlaylistItem]:
    items: list[PlaylistItem] = []
    for item in page.items:
        try:
            items.append(parse.playlist_item(item))
        except ApiFormatError as error:
            log.warning("an entry of the uploads list was left out", cause=str(error))
    return items


def _unreadable(video_id: str, problem: str) -> Gone:
    """Return what is to be said of a video that is stored only as it was listed."""
    evidence = f"returned by videos.list in a form that we do not know: {problem}"
    return Gone(video_id=video_id, availability=Availability.UNKNOWN, evidence=evidence)


def _gone(video_id: str, placeholder: Availability | None) -> Gone:
    evidence = "not returned by videos.list, asked twice"
    if placeholder is None:
        return Gone(video_id=video_id, availability=Availability.UNKNOWN, evidence=evidence)
    return Gone(
        video_id=video_id,
        availability=placeholder,
        evidence=f"shown as {placeholder} in a playlist; {evidence}",
    )
