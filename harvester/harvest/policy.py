"""When what we know of YouTube is too old: the rules that a harvest and its plan share.

In:   what the database remembers of a channel or playlist, and the present time.
Out:  whether, or for which videos, YouTube is to be asked again.

YouTube's terms want data that was fetched with a key refreshed or deleted
within 30 days; hence 25 for each video, with days to spare if quota or network
fail.  All uploads are listed anew a little sooner than that, so that the long
chain of listing pages and the many batches rarely fall into the same run.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TypedDict

from harvester.store.reads import ChannelState, PlaylistState


class DueBounds(TypedDict):
    """Which videos are due, in the words of `reads.due_videos`."""

    old_before: dt.datetime
    young_before: dt.datetime
    published_after: dt.datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """How often what is asked for again, and by how many threads at once.

    `full` asks for everything once, however fresh it is.
    """

    refresh_days: int = 25  # every video, channel and playlist
    young_days: int = 30  # so long after its publication a video is young
    young_hours: float = 20  # young, live and missing videos
    listing_days: int = 20  # all uploads; in between only the newest are listed
    playlist_hours: float = 24  # at most so often, and only if there are new videos
    workers: int = 8
    full: bool = False

    def channel_is_due(self, state: ChannelState, now: dt.datetime) -> bool:
        """Tell whether to ask for the channel itself."""
        return self.full or state.refreshed_at <= now - dt.timedelta(days=self.refresh_days)

    def lists_all(self, state: ChannelState, now: dt.datetime) -> bool:
        """Tell whether to list all uploads, or the newest only."""
        latest = now - dt.timedelta(days=self.listing_days)
        return self.full or state.listed_at is None or state.listed_at <= latest

    def due_videos(self, state: ChannelState, now: dt.datetime) -> DueBounds:
        """Return which videos are to be asked for again.

        A full harvest that was cut off goes on: what it has asked for is not due again.
        """
        old_before = now - dt.timedelta(days=self.refresh_days)
        if self.full:  # it may have been cut off long ago
            old_before = max(old_before, state.listing_since or now)
        return DueBounds(
            old_before=old_before,
            young_before=self.asked_lately(now),
            published_after=now - dt.timedelta(days=self.young_days),
        )

    def asked_lately(self, now: dt.datetime) -> dt.datetime:
        """Return since when an answer is so fresh that asking again would tell nothing new."""
        return now - dt.timedelta(hours=self.young_hours)

    def playlists_are_due(
        self, state: ChannelState, now: dt.datetime, *, has_new_videos: bool
    ) -> bool:
        """Tell whether to ask which playlists the channel has made.

        `has_new_videos` says whether one was first seen after they were read.
        """
        if self.full or state.playlists_at is None:
            return True
        age = now - state.playlists_at
        return age >= dt.timedelta(days=self.refresh_days) or (
            has_new_videos and age >= dt.timedelta(hours=self.playlist_hours)
        )

    def entries_are_due(self, state: PlaylistState, now: dt.datetime) -> bool:
        """Tell whether to read which videos are in a playlist."""
        if self.full or state.items_at is None or state.items_counted != state.playlist.item_count:
            return True
        return state.items_at <= now - dt.timedelta(days=self.refresh_days)
