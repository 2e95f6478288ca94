"""How a video and a talk compare, field by field.

In:   features of both, and of the talk's event.
Out:  levels of talk_title, talk_description, speaker, speaker_description, day
      and length, with evidence in words.

A field that one side lacks has no level: what is missing says nothing.

Pure: no network, no database, no clock.
"""

from rapidfuzz import fuzz

from harvester.linkage import text
from harvester.linkage.evidence import TYPO, Compared, Context, Overlap, View, overlap, people
from harvester.linkage.features import EventFeatures, Phrase, TalkFeatures, VideoFeatures

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
    _speaker(view, talk, context, result)
    _day(view.video, event, talk, result)
    _length(view.video, talk, result)
    return result


def _title(view: View, talk: TalkFeatures, context: Context, result: Compared) -> None:
    video = view.video
    best: tuple[float, str, Phrase, Overlap] | None = None
    for title in talk.titles:
        telling = _uncut(title, video) if video.is_cut else title.telling
        its = overlap(telling, view, context.words.bits)
        worth = its.bits * its.share + 0.01 * its.share  # a generic title has no bits
        if best is None or (worth, title.written) > best[:2]:
            best = (worth, title.written, title, its)
    if not best:
        return
    _, _, title, its = best
    level = _level(its, talk.is_generic, its.bits - context.talk_chance)
    if level:
        result.explained |= its.explained
        result.add("talk_title", level, _title_evidence(title, its, level))
    if level in (None, "half", "generic", "whole_common") and len(title.telling) > 1:
        bits = sum(context.words.bits(w) for w in title.telling)
        if bits >= context.talk_chance and text.contains(video.description, title.words):
            result.add(
                "talk_description",
                "named",
                f'the description holds the talk\'s title: "{title.written}"',
            )


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
    if level == "generic":
        return f'the video\'s title holds "{title.written}", as many talks are called'
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
    if not talk.speakers:
        return
    video, words = view.video, set(view.video.words)
    full, partly = [], []
    for person in talk.speakers:
        surname, forename = person[-1], person[0]
        if text.contains(video.words, person) or (
            len(person) > 1
            and surname in words
            and (forename in words or (len(surname) > 2 and forename[0] in words))
        ):
            full.append(person)
        elif (
            len(surname) > 2 and surname in words and context.words.bits(surname) >= _RARE_SURNAME
        ) or (len(surname) > 5 and any(_typo(surname, w) for w in words)):
            partly.append(person)
    for person in (*full, *partly):
        result.explained |= set(person)
    if full:
        level = "full" if len(full[0]) > 1 else "surname"
        result.add("speaker", level, f"the title names the speaker, {people(full, talk.written)}")
        return
    if partly:
        result.add(
            "speaker",
            "surname",
            f"the title has the speaker's surname, {people(partly, talk.written)}",
        )
    elif not any(w in words for p in talk.speakers for w in p if len(w) > 2):
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


def _typo(one: str, other: str) -> bool:
    return len(other) > 5 and bool(fuzz.ratio(one, other, score_cutoff=TYPO))


def _day(video: VideoFeatures, event: EventFeatures, talk: TalkFeatures, result: Compared) -> None:
    """Compare "Tag 2" with the day of a talk, where the event's talks are told apart by day."""
    number = video.dates.day_number
    if not number or not event.first or not talk.held or talk.held[0] != talk.held[1]:
        return
    if len({t.held for t in event.talks}) < 2:
        return  # all on one day: rather a default than knowledge
    day = (talk.held[0] - event.first).days + 1
    if day == number:
        result.add("day", "agrees", f"the title says day {number}, when the talk was held")
    else:
        result.add(
            "day",
            "differs",
            f"the title says day {number}; the talk was held on day {day}",
            "day",
        )


def _length(video: VideoFeatures, talk: TalkFeatures, result: Compared) -> None:
    length, kind = video.video.duration_s, text.fold(talk.talk.kind or "").replace("_", " ")
    usual = next((span for name, span in _LENGTHS if name in kind), None)
    if not length or not usual:
        return
    minutes = max(1, round(length / 60))
    if usual[0] <= length <= usual[1]:
        result.add("length", "likely", f"{minutes} minutes are usual for a {kind}")
    elif length < usual[0] / 2 or length > usual[1] * 2:
        result.add("length", "unlikely", f"{minutes} minutes are unusual for a {kind}")
