"""schema.org: the recordings of an event as VideoObject, for the institution's own pages.  Pure.

Says only what is known.  Captions are claimed where YouTube's flag is set, and never
denied; a length, a language or a date that is not told is left out.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from harvester.records import Event, Link, Talk
from harvester.store.reads_api import Recording, Recordings

Json = dict[str, Any]

WATCH = "https://www.youtube.com/watch?v="
EMBED = "https://www.youtube-nocookie.com/embed/"


def document(found: Recordings) -> Json:
    """Return the recordings of an event as one JSON-LD document."""
    return {
        "@context": "https://schema.org",
        "@graph": [video_object(video, found) for video in found.videos],
    }


def snippet(found: Recordings) -> str:
    """Return the same as a script element to put into a page; empty if there is no recording.

    A title cannot end the element: every <, > and & in it is written as a JSON escape.
    """
    if not found.videos:
        return ""
    text = json.dumps(document(found), ensure_ascii=True, indent=1)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return f'<script type="application/ld+json">\n{text}\n</script>\n'


def video_object(video: Recording, found: Recordings) -> Json:
    """Return a recording as a VideoObject."""
    video_id = quote(video.video_id, safe="")
    url, embed = f"{WATCH}{video_id}", f"{EMBED}{video_id}"
    return _told(
        {
            "@type": "VideoObject",
            "@id": url,
            "name": video.title,
            "description": video.description.strip(),
            "uploadDate": f"{video.published_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
            "duration": duration(video.duration_s),
            "inLanguage": video.audio_language,
            "thumbnailUrl": f"https://i.ytimg.com/vi/{video_id}/hqdefault.jpg",
            "url": url,
            "embedUrl": embed,
            "accessibilityFeature": ["captions"] if video.caption_flag else None,
            "caption": {"@type": "MediaObject", "embedUrl": f"{embed}?cc_load_policy=1"}
            if video.caption_flag
            else None,
            "recordedAt": _occasion(video.links, found),
            "hasPart": list(_clips(video.links, found.talks, url)),
        }
    )


def duration(seconds: int | None) -> str | None:
    """Return a length as ISO 8601 writes it: 5283 -> "PT1H28M3S"; None for what is not known."""
    if not seconds:
        return None
    hours, rest = divmod(seconds, 3600)
    parts = zip((hours, *divmod(rest, 60)), "HMS", strict=True)
    return "PT" + "".join(f"{many}{unit}" for many, unit in parts if many)


def _occasion(links: Sequence[Link], found: Recordings) -> Json:
    """Return where the video was recorded: one talk of the event, or the event."""
    event = _event(found.event)
    talk = found.talks.get(links[0].talk_id or "") if len(links) == 1 else None
    if talk is None:
        return event
    return _told(
        {
            "@type": "Event",
            "name": _talk_name(talk),
            "startDate": talk.held_on,
            "performer": _persons(talk),
            "superEvent": event,
        }
    )


def _event(event: Event) -> Json:
    place = ", ".join(filter(None, (event.city, event.country)))
    is_page = (event.url or "").lower().startswith(("https://", "http://"))
    return _told(
        {
            "@type": "Event",
            "name": event.title,
            "startDate": event.start_on,
            "endDate": event.end_on,
            "url": event.url if is_page else None,
            "location": {"@type": "Place", "name": place, "address": place} if place else None,
            "superEvent": {"@type": "EventSeries", "name": event.series} if event.series else None,
        }
    )


def _clips(links: Sequence[Link], talks: dict[str, Talk], url: str) -> Iterator[Json]:
    """Yield the talks whose place in the video is known, in the order of the video."""
    known = [(link, talks.get(link.talk_id or "")) for link in links if link.start_s is not None]
    for link, talk in sorted(known, key=lambda each: each[0].start_s or 0):
        if talk is None:
            continue
        yield _told(
            {
                "@type": "Clip",
                "name": _talk_name(talk),
                "creator": _persons(talk),
                "startOffset": link.start_s,
                "endOffset": link.end_s,
                "url": f"{url}&t={link.start_s}s",
            }
        )


def _talk_name(talk: Talk) -> str:
    return talk.title or ", ".join(talk.speakers) or talk.kind or talk.talk_id


def _persons(talk: Talk) -> list[Json]:
    return [{"@type": "Person", "name": name} for name in talk.speakers]


def _told(properties: Json) -> Json:
    """Leave out what is not told; 0 is a second like any other."""
    return {name: value for name, value in properties.items() if value not in (None, "", [])}
