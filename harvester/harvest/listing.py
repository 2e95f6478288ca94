"""How far the listing of a channel's uploads has come, and what is still to be asked for.

Two small books that a harvest keeps while it works, both without network or database:

* `Listing`: the pages of the uploads playlist.  Which one is next, where to
  stop, and the last page whose videos are all stored: from there the next run
  goes on if this one is cut off.
* `Batches`: the ids to ask videos.list for, 50 at a time.  Each id goes out once,
  and once more if it was not returned.

Page tokens are offsets, not cursors: a video that is published or hidden between
two pages shifts all that follow, so an id may be listed twice, or not at all.
"""

import datetime as dt
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from harvester.records import Availability, PlaylistItem

BATCH = 50
"""As many ids as videos.list takes, and as many items as a page holds."""


@dataclass(slots=True)
class Listing:
    """One listing of the uploads: all of them (`is_full`), or the newest up to what is known.

    `since` is when it began: a video first seen before that counts as known.  `token` is
    that of the page to read next, None for the first one.
    """

    since: dt.datetime
    is_full: bool
    token: str | None = None
    was_resumed: bool = field(init=False)
    is_read: bool = False  # to its end
    has_gaps: bool = False  # it shifted while it was read, so that an item may have been skipped
    total: int | None = None  # uploads, as YouTube counted them last
    reached: str | None = None  # the token of the last page whose videos are all stored
    items: dict[str, PlaylistItem] = field(default_factory=dict)  # by id of the video
    _tokens: set[str | None] = field(default_factory=set)
    _pages: deque[tuple[str | None, set[str]]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.was_resumed = self.token is not None
        self.reached = self.token

    @property
    def starts_at_the_top(self) -> bool:
        """Whether the next page is the first one."""
        return self.token is None

    def take(
        self,
        items: Iterable[PlaylistItem],
        *,
        next_token: str | None,
        total: int | None,
        known: Collection[str],
    ) -> None:
        """Enter a page that came in; `known` are those of its videos that were known before."""
        ids = {item.video_id for item in items}
        self.items |= {item.video_id: item for item in items}
        self._tokens.add(self.token)
        if total is not None:
            self.has_gaps |= self.total is not None and total < self.total
            self.total = total
        # a page without any item tells nothing: go on
        is_known = bool(ids) and ids <= set(known)
        self.is_read = next_token is None or (is_known and not self.is_full)
        if not self.is_read and next_token in self._tokens:
            self.is_read = self.has_gaps = True  # in a circle there is no end to come
        self.token = next_token

    def placeholder(self, video_id: str) -> Availability | None:
        """Return whether the list shows a video as private or deleted."""
        item = self.items.get(video_id)
        return item.placeholder if item else None

    @property
    def placeholders(self) -> dict[str, Availability]:
        """The videos that the list shows as private or deleted."""
        return {each: item.placeholder for each, item in self.items.items() if item.placeholder}

    def waits_for(self, token: str | None, ids: Collection[str]) -> None:
        """Enter which videos of the page that `token` led to are not stored yet."""
        self._pages.append((token, set(ids)))

    def ends_here(self) -> None:
        """Enter that the page does not exist: no public video, if it was the first one."""
        self.has_gaps |= not self.starts_at_the_top
        self.is_read = True

    def starts_again(self) -> None:
        """Go back to the first page, as tokens are no longer accepted."""
        self.token = self.total = None
        self.was_resumed = False
        self._tokens.clear()

    def stored(self, ids: Collection[str]) -> bool:
        """Enter that these videos are stored; tell whether `reached` moved on by it."""
        before = self.reached
        for _, awaited in self._pages:
            awaited.difference_update(ids)
        while self._pages and not self._pages[0][1]:
            self.reached, _ = self._pages.popleft()
        if self.has_gaps:  # what was skipped lies further up: who goes on begins at the top
            self.reached = None
        return self.reached != before


class Batches:
    """The ids to ask for.  New videos go first, then those that are due, second tries last."""

    def __init__(self) -> None:
        self._new: deque[str] = deque()
        self._due: deque[str] = deque()
        self._again: deque[str] = deque()
        self._came_new: set[str] = set()
        self._twice: set[str] = set()
        self._may_fill_up = True
        self.asked: set[str] = set()  # all ids that were ever added
        self.awaited: set[str] = set()  # those of them of which nothing is known yet

    def __len__(self) -> int:
        return len(self._new) + len(self._due) + len(self._again)

    @property
    def answered(self) -> int:
        """Of how many ids it is known what became of them."""
        return len(self.asked) - len(self.awaited)

    def add(self, ids: Iterable[str], *, is_new: bool = False) -> None:
        """Add ids to ask for; one that was ever added is not asked for again."""
        added = [video_id for video_id in dict.fromkeys(ids) if video_id not in self.asked]
        self.asked.update(added)
        self.awaited.update(added)
        (self._new if is_new else self._due).extend(added)
        if is_new:
            self._came_new.update(added)

    def ask_again(self, ids: Iterable[str]) -> list[str]:
        """Ask once more for ids that were not returned; return those that were asked twice."""
        twice = []
        for video_id in ids:
            if video_id in self._twice:
                twice.append(video_id)
            else:
                self._twice.add(video_id)
                self._again.append(video_id)
        return twice

    def holds_new(self, ids: Iterable[str]) -> bool:
        """Tell whether one of these was added as new."""
        return not self._came_new.isdisjoint(ids)

    def settle(self, ids: Iterable[str]) -> None:
        """Enter that it is known what became of these."""
        self.awaited.difference_update(ids)

    def room(self) -> int:
        """Return how many ids the last batch can take on top: they cost nothing more.

        Only once, and not next to second tries alone: else one call would lead to another.
        """
        if self._may_fill_up and (self._new or self._due) and len(self) < BATCH:
            self._may_fill_up = False
            return BATCH - len(self)
        return 0

    def next(self) -> list[str]:
        """Return the ids of the next batch, 50 or what is left."""
        ids: list[str] = []
        for queue in (self._new, self._due, self._again):
            while queue and len(ids) < BATCH:
                ids.append(queue.popleft())
        return ids
