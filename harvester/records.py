"""The nouns: what YouTube and the event files say, and what linking makes of it.

Frozen, without bookkeeping: a record holds what a source said, a row of the
database adds what we remember of it (`store/schema.py`).  Instants are aware
and UTC (`…_at`), lengths are whole seconds (`…_s`), and days may be partial
(`…_on`: "2023", "2023-11" or "2023-11-23").  None means that the source does
not tell, never zero or "no".

Pure: imports nothing of ours but words.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

PartialDate = str
"""An ISO date that may lack its day, or its month and day."""


def first_day(day: PartialDate) -> dt.date:
    """Return the first day that a partial date can mean: "2023-11" -> 2023-11-01."""
    return dt.date.fromisoformat((day + "-01-01")[:10] if len(day) == 4 else (day + "-01")[:10])


def last_day(day: PartialDate) -> dt.date:
    """Return the last day that a partial date can mean: "2023-11" -> 2023-11-30."""
    if len(day) == 4:
        return dt.date(int(day), 12, 31)
    if len(day) == 7:
        year, month = int(day[:4]), int(day[5:])
        return dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date.fromisoformat(day)


# --- YouTube ------------------------------------------------------------------


class Privacy(StrEnum):
    """Who may see a video, as YouTube says it."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    UNKNOWN = "unknown"


class Availability(StrEnum):
    """Whether a video can be had from YouTube, as far as we know."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DELETED = "deleted"
    UNKNOWN = "unknown"  # YouTube no longer returns it and does not say why


class LiveState(StrEnum):
    """Where a stream or premiere stands; an ordinary upload is `none`."""

    NONE = "none"
    UPCOMING = "upcoming"
    LIVE = "live"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel, as channels.list returns it."""

    channel_id: str
    title: str
    handle: str | None = None
    uploads_playlist_id: str
    video_count: int | None = None  # what YouTube counts; differs from what it lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A video, as videos.list returns it."""

    video_id: str
    channel_id: str
    title: str
    description: str = ""
    published_at: dt.datetime | None = None
    duration_s: int | None = None  # None while live, to come, or not told
    caption_flag: bool | None = None  # False is not "no captions": automatic ones do not count
    privacy: Privacy = Privacy.PUBLIC
    live_state: LiveState = LiveState.NONE
    live_scheduled_at: dt.datetime | None = None
    live_started_at: dt.datetime | None = None
    live_ended_at: dt.datetime | None = None
    recorded_on: PartialDate | None = None
    language: str | None = None  # of title and description, BCP 47
    audio_language: str | None = None  # spoken, BCP 47
    thumbnail_url: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """A playlist that a channel made itself, as playlists.list returns it."""

    playlist_id: str
    channel_id: str
    title: str
    description: str = ""
    published_at: dt.datetime | None = None
    item_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistItem:
    """An entry of a playlist, as playlistItems.list returns it.

    `placeholder` is set where YouTube shows no video but that there is one:
    private or deleted.  Then there is no title of the video.
    """

    playlist_id: str
    video_id: str
    title: str | None = None
    added_at: dt.datetime | None = None
    video_published_at: dt.datetime | None = None
    placeholder: Availability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A video that YouTube did not return when asked for by id, with what speaks for it."""

    video_id: str
    availability: Availability  # private, deleted or unknown
    evidence: str


# --- Event records ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event, as its source records it."""

    event_id: str
    title: str
    series: str | None = None
    aliases: tuple[str, ...] = ()  # motto, title variants: names that it also goes by
    kind: str | None = None
    city: str | None = None
    country: str | None = None
    start_on: PartialDate | None = None
    end_on: PartialDate | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A talk within an event.  Without a title it has speakers, or at least a kind."""

    talk_id: str
    event_id: str
    title: str | None = None
    aliases: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    held_on: PartialDate | None = None
    kind: str | None = None


class TalkName(NamedTuple):
    """What a talk is called by: where it has no title, by its kind and speakers."""

    title: str | None
    kind: str | None
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventRecords:
    """What one source holds: events, talks, or both."""

    source: str
    events: tuple[Event, ...] = ()
    talks: tuple[Talk, ...] = ()


# --- Linking ------------------------------------------------------------------


class Role(StrEnum):
    """How a video shows an event or a talk."""

    FULL = "full"  # the whole of it
    PART = "part"  # one of several videos that together show it
    EXCERPT = "excerpt"  # a cut of it
    DUPLICATE = "duplicate"  # a further upload of what another video shows


class Outcome(StrEnum):
    """What the rule made of a video."""

    AUTO = "auto"  # linked by rule
    REVIEW = "review"  # there is a proposal; an editor decides
    NONE = "none"  # nothing on record is likely


class Reason(StrEnum):
    """Why a video was not linked by rule."""

    NO_CANDIDATE = "no_candidate"  # no event on record shares anything that tells
    WEAK = "weak"  # the best candidate is unlikely
    DOUBTFUL = "doubtful"  # likely, but below the threshold of the rule
    TIE = "tie"  # two candidates are too close to each other
    CONTRADICTION = "contradiction"  # something speaks plainly against the best candidate
    TAKEN = "taken"  # another video already shows this talk or event: a second upload?
    NOT_RECORDED_YET = "not_recorded_yet"  # a stream or premiere that has not ended
    NOT_LINKED_YET = "not_linked_yet"  # harvested after the last linking
    PROPOSED = "proposed"  # the rule is sure, but only proposes, or an editor took its word back


class NoEventReason(StrEnum):
    """Why a video belongs to no event, as an editor says."""

    TRAILER = "trailer"  # announces something
    STATEMENT = "statement"  # somebody says something into the camera
    IMAGE_FILM = "image_film"  # presents a project, a place or an organisation
    EXPLAINER = "explainer"  # explains something
    THIRD_PARTY = "third_party"  # an event of somebody else
    OTHER = "other"


class EventStatus(StrEnum):
    """Whether a recording of an event or talk is to be expected."""

    EXPECTED = "expected"  # as long as nobody says otherwise
    NOT_RECORDED = "not_recorded"  # there is none
    NOT_PUBLISHED = "not_published"  # there is one, and it will not be shown


class ActKind(StrEnum):
    """What an editor did in one go, to be taken back in one go."""

    DECIDE = "decide"  # one thing about one video
    BULK = "bulk"  # about all videos of a filter
    IMPORT = "import"  # a spreadsheet
    STATUS = "status"  # whether an event or talk is recorded
    NEW_EVENT = "new_event"  # an event made from a video
    SAMPLE = "sample"  # a link by rule, judged blind
    UNDO = "undo"


class Mark(StrEnum):
    """What an editor says of a video, a pair, an event or a talk, other than where it belongs."""

    REJECTED = "rejected"  # the video is not of this event
    LATER = "later"  # the video is put off until its evidence changes
    NOT_RECORDED = "not_recorded"  # of an event or talk, as in EventStatus
    NOT_PUBLISHED = "not_published"
    RIGHT = "right"  # a link by rule, judged blind
    UNSURE = "unsure"


class Term(NamedTuple):  # and no dataclass: there are more of them than of anything else
    """One piece of evidence for or against a candidate.

    `weight` is a match weight in bits: +1 doubles the odds that video and event
    belong together, -1 halves them.  `evidence` says what was seen, for a reader.
    """

    name: str
    weight: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A video and an event that it may belong to, with the best talk of it if one stands out.

    The weights of `terms` sum to `match_weight` (bits); `probability` is
    2**w / (1 + 2**w) of it, after the caps that the model sets.
    """

    video_id: str
    rank: int  # 1 is the best
    event_id: str
    talk_id: str | None
    match_weight: float
    probability: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A video shows an event, or one talk of it, in a role; start and end where it is a stretch."""

    event_id: str
    talk_id: str | None = None
    role: Role = Role.FULL
    start_s: int | None = None
    end_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """What the rule made of one video.

    `links` is empty unless `outcome` is auto; `reason` is None only then.
    """

    video_id: str
    outcome: Outcome
    reason: Reason | None
    probability: float | None  # of the best candidate
    links: tuple[Link, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is known to be right for a video: a truth to measure by, or to learn from."""

    video_id: str
    event_ids: frozenset[str]  # any of these is right; empty: its event is not on record
    talk_ids: frozenset[str] = frozenset()  # any is right; empty: no single talk, or not told
    counts_for_event: bool = True  # whether the event is measured
    counts_for_talk: bool = True  # whether the talk is measured
    series: str = ""  # videos of one series are never both learnt from and measured
    language: str = ""  # "" where it is not told
