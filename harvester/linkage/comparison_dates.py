"""How the time and numbers of a video and an event compare, field by field.

In:   features of both.
Out:  levels of year, number, title_date, text_date, recorded, published.

A field that one side lacks has no level: what is missing says nothing.  Dates
may be partial; then an event is compared as the whole span that it may mean.

Pure: no network, no database, no clock.
"""

import datetime as dt
from bisect import bisect_left

from harvester.linkage.evidence import Compared, interval, years
from harvester.linkage.features import EventFeatures, VideoFeatures

_DAY = dt.timedelta(days=1)  # time zones, and evenings before
_MONTH, _SEASON = 32, 120  # days: an event known so roughly has no day, or no month
_ROUGHLY = 183  # days after the end of a span within which its event was
_UNITS = frozenset({"tag", "day", "teil", "part", "jahr", "year", "uhr", "minute", "minuten", "um"})
_ROMAN = ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")  # behind a name, from two on
_LAGS = ("week", "month", "half_year", "year", "two_years", "later")
_UP_TO = (14, 60, 183, 400, 800)  # days after the event, of each but the last


def compare(video: VideoFeatures, event: EventFeatures, result: Compared) -> None:
    """Add what the dates and numbers of a video say about an event."""
    _year(video, event, result)
    _number(video, event, result)
    if event.first and event.last:
        _title_date(video, event.first, event.last, result)
        _text_date(video, event, event.first, event.last, result)
        _recorded(video, event.first, event.last, result)
        if video.published:
            _published(video.published, event.first, event.last, result)


def _year(video: VideoFeatures, event: EventFeatures, result: Compared) -> None:
    if not event.years or not (video.told_years or video.short_years):
        return
    # "Zwickau 2030" looks ahead: a year to come, or in the event's name, is a theme
    told = video.told_years - (event.name_years - event.years)
    short = {year for word, year in video.short_years if word in event.name_words}
    if not (told or short):
        return
    both = sorted((told | short) & event.years)
    if both:
        result.add("year", "agrees", f"the title names the event's year, {both[0]}")
    elif told:
        result.add(
            "year",
            "differs",
            f"the title names {years(told)}; the event was in {years(event.years)}",
            "year",
        )


def _number(video: VideoFeatures, event: EventFeatures, result: Compared) -> None:
    if not event.numbered:
        return
    ours: dict[str, set[int]] = {}
    for word, number in event.numbered:
        if 2000 + number not in event.years and word not in _UNITS:
            ours.setdefault(word, set()).add(number)
    if not ours:
        return
    theirs = [(word, number) for word, number in sorted(video.dates.numbered) if word in ours]
    if not theirs and (behind := _behind_name(video, event)):
        # "Zukunftskonferenz Kreis Düren 4" is not the "3. Zukunftskonferenz Kreis Düren"
        theirs = [(word, behind) for word in sorted(ours)]
    if not theirs:
        return
    same = [(word, number) for word, number in theirs if number in ours[word]]
    word, number = (same or theirs)[0]
    if same:
        result.add("number", "agrees", f'both have the number {number} with "{word}"')
    else:
        result.add(
            "number",
            "differs",
            f'the title has the number {number} with "{word}", the event {min(ours[word])}',
            "number",
        )


def _behind_name(video: VideoFeatures, event: EventFeatures) -> int | None:
    """Return the number that stands directly behind a name of the event in the title."""
    for name in event.names:
        words = [word for word in name.words if not word.isdigit()]
        if not words:
            continue
        token = video.joined.partition(f" {' '.join(words)} ")[2].split(" ", 1)[0]
        if token in _ROMAN:
            return _ROMAN.index(token) + 2
        if token.isdigit() and (words[-1], int(token)) in video.dates.numbered:  # of no date
            return int(token)
    return None


def _title_date(video: VideoFeatures, first: dt.date, last: dt.date, result: Compared) -> None:
    if not (video.dates.spans or video.dates.days or video.dates.months):
        return
    length, when = (last - first).days, interval(first, last)
    spans = list(video.dates.spans)
    if length < _MONTH:
        for month, day, end in video.dates.days:
            spans += _span(last.year if month == last.month else first.year, month, day, end)
    if spans and length < _SEASON:
        near = [s for s in spans if _meet(s, first, last)]
        if near:
            result.add(
                "title_date", "agrees", f"the title gives the event's date, {interval(*near[0])}"
            )
        else:
            result.add(
                "title_date",
                "differs",
                f"the title gives another date, {interval(*spans[0])}; the event was on {when}",
                "title_date",
            )
    elif video.dates.months and length < _SEASON:
        if {(first.year, first.month), (last.year, last.month)} & set(video.dates.months):
            result.add("title_date", "agrees", f"the title gives the event's month ({when})")
        else:
            year, month = video.dates.months[0]
            result.add(
                "title_date",
                "differs",
                f"the title gives another month, {year}-{month:02}; the event was on {when}",
                "title_date",
            )


def _text_date(
    video: VideoFeatures, event: EventFeatures, first: dt.date, last: dt.date, result: Compared
) -> None:
    # a description may give many dates; only agreement tells
    described = video.described
    if (last - first).days >= _MONTH or not any(end in described for end in event.year_ends):
        return
    if any(_meet(span, first, last) for span in video.description_dates.spans):
        when = interval(first, last)
        result.add("text_date", "agrees", f"the description gives the event's date ({when})")


def _recorded(video: VideoFeatures, first: dt.date, last: dt.date, result: Compared) -> None:
    if not video.recorded:
        return
    when = interval(first, last)
    if _meet(video.recorded, first, last):
        result.add("recorded", "agrees", f"the video {video.recorded_how}; the event was on {when}")
    else:
        result.add(
            "recorded",
            "differs",
            f"the video {video.recorded_how}, but the event was on {when}",
            "recorded",
        )


def _published(published: dt.date, first: dt.date, last: dt.date, result: Compared) -> None:
    if published < first - _DAY:
        days = (first - published).days
        result.add(
            "published",
            "before",
            f"the video was published {_days(days)} before the event began",
            "published",
        )
        return
    if (last - first).days >= _MONTH and (published - last).days <= _ROUGHLY:
        return  # the event's day is not known, and it may fit
    days = max(0, (published - last).days)
    level = _LAGS[bisect_left(_UP_TO, days)]
    result.add("published", level, lambda: f"the video was published {_after(days)}")


def _meet(span: tuple[dt.date, dt.date], first: dt.date, last: dt.date) -> bool:
    return span[0] <= last + _DAY and span[1] >= first - _DAY


def _span(year: int, month: int, day: int, end: int) -> list[tuple[dt.date, dt.date]]:
    try:
        return [(dt.date(year, month, day), dt.date(year, month, end))]
    except ValueError:  # 29 February of another year
        return []


def _after(days: int) -> str:
    return "in the days of the event" if days == 0 else f"{_days(days)} after the event"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
