"""How a video and a talk compare, field by field.

In:   features of both, and of the talk's event.
Out:  levels of talk_title, talk_description, speaker, speaker_description, day
      and length, with evidence in words.

A field that one side lacks has no level: what is missing says nothing.

Pure: no network, no database, no clock.
"""

from functools import cache

from harvester.linkage import text
from harvester.linkage.evidence import Compared, Context, Overlap, View, overlap, people
from harvester.linkage.features import (
    EventFeatures,
    Phrase,
    TalkFeatures,
    VideoFeatures,
    kinds,
)

_LENGTHS = (  # of a recording, in seconds, by a word in the talk's kind
    ("lightning", (120, 1200)),
    ("keynote", (900, 5400)),
    ("workshop", (1800, 14400)),
    ("panel", (1200, 7200)),
    ("podium", (1200, 7200)),
    ("greeting", (60, 1200)),
    ("grusswort", (60, 1200)),
    ("talk", (480, 4500)),
    ("vortrag", (480, 4500)),
    ("impuls", (300, 3000)),
)
_RARE_SURNAME = 5.0  # bits from which a surname alone points to a person


def compare(view: View, event: EventFeatures, talk: TalkFeatures, context: Context) -> Compared:
    """Return what a video's title and text say about a talk."""
    result = Compared()
    _title(view, talk, context, result)
    if not talk.titles:
        _untitled(view.video, event, talk, result)
    if talk.speakers:
        _speaker(view, talk, context, result)
    if not result.found or all(f.level == "another" for f in result.found):
        return result  # nothing says that it is this talk: most are left here
    _day(view.video, event, talk, result)
    _part(view.video, talk, result)
    _kind(view.video, talk, result)
    _length(view.video, talk, result)
    return result


def _title(view: View, talk: TalkFeatures, context: Context, result: Compared) -> None:
    video = view.video
    found: list[tuple[float, str, Phrase, Overlap]] = []
    for title in talk.titles:
        telling = _uncut(title, video) if video.is_cut else title.telling
        its = overlap(telling, view, context.words.bits)
        worth = its.bits * its.share + 0.01 * its.share  # a generic title has no bits
        found.append((worth, title.written, title, its))
    if not found:
        return
    _, _, title, its = found[0] if len(found) == 1 else max(found, key=lambda f: f[:2])
    level = _level(its, talk.is_generic, its.bits - context.talk_chance)
    if level == "generic" and talk.is_alone:
        level = "generic_alone"
    if level:
        result.explained |= its.explained(view)
        result.add("talk_title", level, _title_evidence(title, its, level))
    if (
        level in (None, "half", "generic", "generic_alone", "whole_common")
        and len(title.telling) > 1
    ):
        bits = context.words.bits
        if (
            text.contains(video.description, title.words)
            and sum(map(bits, title.telling)) >= context.talk_chance
        ):
            result.add(
                "talk_description",
                "named",
                f'the description holds the talk\'s title: "{title.written}"',
            )


def _untitled(
    video: VideoFeatures, event: EventFeatures, talk: TalkFeatures, result: Compared
) -> None:
    """Compare what a talk without a title is: its kind is all that a video can name."""
    if not talk.kinds & video.kinds:
        return
    alike = sum(bool(each.kinds & talk.kinds) for each in event.talks)
    called = " and ".join(sorted(talk.kinds & video.kinds))
    alone = "only this one of the event is" if alike == 1 else "several are"
    level = "generic_alone" if alike == 1 else "generic"
    result.add("talk_title", level, f"the title calls it {called}, and {alone} called so")
    result.explained |= {w for w in video.words if kinds([w]) & talk.kinds}


def _level(its: Overlap, is_generic: bool, surplus: float) -> str | None:
    """Return the level of a title; `surplus` is what it tells beyond chance, in bits."""
    if is_generic:
        return "generic" if its.share >= 0.99 else None
    if its.share >= 0.95:
        return "whole_rare" if surplus >= 8 else "whole" if surplus >= 0 else "whole_common"
    if its.share >= 0.65:
        return "most_rare" if surplus >= 4 else "most" if surplus >= -4 else None
    return "half" if its.share >= 0.4 and surplus >= -2 else None


def _title_evidence(title: Phrase, its: Overlap, level: str) -> str:
    if level.startswith("generic"):
        alone = "as only this one of the event is" if level == "generic_alone" else "as several are"
        return f'the video\'s title holds "{title.written}", {alone} called'
    if len(its.here) == len(title.telling):
        return f'the video\'s title holds the whole title of the talk: "{title.written}"'
    return (
        f"the video's title holds {len(its.here)} of {len(title.telling)} telling words of the"
        f' talk\'s title: "{title.written}"'
    )


def _uncut(title: Phrase, video: VideoFeatures) -> tuple[str, ...]:
    """Return the telling words that a title cut at YouTube's limit still can hold."""
    last, before = video.words[-1:], video.words[-2:-1]
    for place, word in enumerate(title.words):
        if last and word.startswith(last[0]) and title.words[max(0, place - 1) : place] == before:
            kept = set(title.words[: place if word != last[0] else place + 1])
            return tuple(w for w in title.telling if w in kept) or title.telling
    return title.telling


def _speaker(view: View, talk: TalkFeatures, context: Context, result: Compared) -> None:
    video, words = view.video, view.video.present
    full, partly = [], []
    for person in talk.speakers:
        surname, forename = person[-1], person[0]
        if words.isdisjoint(person):
            if len(surname) > 5 and _typo(surname, view):
                partly.append(person)
            continue
        if surname in words and (
            text.contains(video.joined, person)
            or (
                len(person) > 1
                and (forename in words or (len(surname) > 2 and forename[0] in words))
            )
        ):
            full.append(person)
        elif any(
            len(w) > 2 and w in words and context.words.bits(w) >= _RARE_SURNAME
            for w in person[1:] or person  # nicknames stand in the middle
        ) or (len(surname) > 5 and _typo(surname, view)):
            partly.append(person)
    for person in (*full, *partly):
        result.explained |= set(person)
    if full:
        once = any(context.persons.events_of[person] == 1 for person in full)
        level = ("full" if once else "full_often") if len(full[0]) > 1 else "surname"
        result.add("speaker", level, f"the title names the speaker, {people(full, talk.written)}")
        return
    if partly:
        result.add(
            "speaker",
            "surname",
            f"the title has the speaker's surname, {people(partly, talk.written)}",
        )
    elif view.persons and not any(w in words for p in talk.speakers for w in p if len(w) > 2):
        others = [p for p in view.persons if p not in talk.speakers]
        if others:
            result.add(
                "speaker",
                "another",
                f"the title names {people(others[:1], context.persons.written)}, who is not a"
                " speaker of this talk",
            )
    named = [p for p in talk.speakers if len(p) > 1 and text.contains(video.description, p)]
    if named:
        result.add(
            "speaker_description", "named", f"the description names {people(named, talk.written)}"
        )


def _typo(surname: str, view: View) -> bool:
    known = view.typos.get(surname)
    if known is None:
        known = view.typos[surname] = view.typo(surname) is not None
    return known


def _day(video: VideoFeatures, event: EventFeatures, talk: TalkFeatures, result: Compared) -> None:
    """Compare "Tag 2" or "Saturday" with the day of a talk, by its title or its date."""
    ours, theirs = talk.dates, video.dates
    held = talk.held[0] if talk.held and talk.held[0] == talk.held[1] else None
    if held and event.talk_days < 2:
        held = None  # all on one day: rather a default than knowledge
    day: int | None = None
    if theirs.day_number:
        counted = (held - event.first).days + 1 if held and event.first else None
        day, told = ours.day_number or counted, theirs.day_number
        what = f"day {told}"
    elif theirs.weekday is not None:
        counted = held.weekday() if held else None
        if ours.day_number and event.first:
            counted = (event.first.weekday() + ours.day_number - 1) % 7
        day, told = (counted if ours.weekday is None else ours.weekday), theirs.weekday
        what = "the day of the week"
    if day is None:
        return
    if day == told:
        result.add("day", "agrees", f"the title says {what}, when the talk was held")
    else:
        result.add("day", "differs", f"the title says {what}; the talk was held on another", "day")


def _part(video: VideoFeatures, talk: TalkFeatures, result: Compared) -> None:
    """Compare "Part 2" in both titles."""
    if video.dates.part is None or talk.dates.part is None:
        return
    if video.dates.part == talk.dates.part:
        result.add("part", "agrees", f"both titles say part {talk.dates.part}")
    else:
        evidence = f"the title says part {video.dates.part}, the talk's {talk.dates.part}"
        result.add("part", "differs", evidence, "part")


def _kind(video: VideoFeatures, talk: TalkFeatures, result: Compared) -> None:
    """Compare what the titles, or the record, call the talk: a keynote, a panel."""
    both = sorted(video.kinds & talk.kinds)
    if both and video.kinds <= talk.kinds:
        result.add("talk_kind", "agrees", f"both are called {' and '.join(both)}")
    elif both:
        result.add("talk_kind", "partly", f"both are called {' and '.join(both)}")
    elif video.kinds:
        named = " and ".join(sorted(video.kinds))
        result.add("talk_kind", "differs", f"the title says {named}, the talk is on record as none")
    elif talk.kinds:
        named = " and ".join(sorted(talk.kinds))
        result.add("talk_kind", "silent", f"the talk is a {named}; the title does not say so")


def _length(video: VideoFeatures, talk: TalkFeatures, result: Compared) -> None:
    length = video.video.duration_s
    kind, usual = _usual(talk.talk.kind or "") if length else ("", None)
    if not length or not usual:
        return
    minutes = max(1, round(length / 60))
    kind = f"an {kind}" if kind[:1] in ("a", "e", "i", "o", "u") else f"a {kind}"
    if usual[0] <= length <= usual[1]:
        result.add("length", "likely", f"{minutes} minutes are usual for {kind}")
    elif length < usual[0] / 2 or length > usual[1] * 2:
        result.add("length", "unlikely", f"{minutes} minutes are unusual for {kind}")


@cache
def _usual(kind: str) -> tuple[str, tuple[int, int] | None]:
    """Return a kind of talk as it is read, and what lengths are usual for it."""
    folded = text.fold(kind).replace("_", " ")
    return folded, next((span for name, span in _LENGTHS if name in folded), None)
