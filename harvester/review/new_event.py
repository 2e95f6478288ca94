"""An event that is missing on record, as a video tells of it; and how its days are written.

In:   a video with its playlists, the series on record; what somebody typed.
Out:  an event to begin with, proposed; dates as they are kept.

Pure: no database, no clock.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from harvester.records import Event, Video, first_day, last_day
from harvester.review.search import Catalogue

BERLIN = ZoneInfo("Europe/Berlin")  # whose days are meant

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_GERMAN = re.compile(r"(?:(?:(\d{1,2})\.\s*)?(\d{1,2})\.\s*)?(\d{4})")


def series_of(catalogue: Catalogue) -> list[str]:
    """Return the series on record, the most frequent first."""
    counted = Counter(event.series for event in catalogue.events if event.series)
    return [name for name, _ in counted.most_common()]


def proposed(
    video: Video, playlists: Sequence[str], series: Sequence[str], *, zone: dt.tzinfo = BERLIN
) -> Event:
    """Return what a video tells of its event: title, day, and series, if it names one.

    `series` are those on record, as `series_of` returns them.  The event has no id yet.
    """
    day = video.recorded_on
    if day is None and (instant := video.live_started_at or video.published_at) is not None:
        day = instant.astimezone(zone).date().isoformat()
    of_playlist = next((name for name in series if name in playlists), None)
    named = next((name for name in series if name.casefold() in video.title.casefold()), None)
    its = of_playlist or named or next(iter(playlists), None)
    return Event(event_id="", title=video.title, start_on=day, series=its)


def day(text: str) -> str | None:
    """Return a partial date as it is kept: "23.11.2023" -> "2023-11-23".  Raises ValueError."""
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        parts = found.groups()
    elif found := _GERMAN.fullmatch(text):
        parts = found.groups()[::-1]
    else:
        raise ValueError(text)
    kept = "-".join([parts[0] or "", *(f"{int(part):02}" for part in parts[1:] if part)])
    first_day(kept)  # 31.02. is no day
    return kept


def is_order(start: str | None, end: str | None) -> bool:
    """Return whether an event can begin and end on these days, as far as they are known."""
    return not (start and end) or last_day(end) >= first_day(start)


def is_address(text: str) -> bool:
    """Return whether a text can be the address of an event's page."""
    return re.match(r"https?://[^\s/]", text) is not None
