"""How a video and an event, with or without one of its talks, compare: field by field.

In:   features of both, and what is known of the whole installation.
Out:  one level a field (model.FIELDS) with the evidence in words, and what
      contradicts.  Weights come later: this module holds none.

A field that one side lacks has no level: what is missing says nothing.  And a
pair that only dates speak for is no candidate: they fit many.

Pure: no network, no database, no clock.
"""

from collections.abc import Collection, Sequence

from harvester.linkage import chapters, comparison_dates, comparison_talk, text
from harvester.linkage.evidence import (
    TELLING_NAME,
    Compared,
    Context,
    Overlap,
    View,
    listed,
    named,
    overlap,
)
from harvester.linkage.features import EventFeatures, Phrase, TalkFeatures, VideoFeatures

_NAMING = 2.5  # bits from which the name of another event in a title counts as one
_SHORT = 8.0  # bits: of a title that tells less, nothing can be left over

_NO_GROUND = {("speaker", "another"), ("length", "likely"), ("length", "unlikely")} | {
    ("day", "agrees"),
    ("day", "differs"),
    ("part", "agrees"),
    ("part", "differs"),
    *(("talk_kind", level) for level in ("agrees", "partly", "differs", "silent")),
}
"""What a talk may have and still not be named by a video."""

_DESCRIBED = {("talk_description", "named"), ("speaker_description", "named")}
"""What only the description says of a talk."""

_NO_GROUND_OR_DESCRIBED = _NO_GROUND | _DESCRIBED

_WHOLE = {("talk_title", "whole_rare"), ("talk_title", "whole")}
_WEAK_GROUND = {("event_name", "common_words"), ("talk_title", "generic")} | {
    ("talk_title", "generic_alone")
}
_PERSON_GROUND = {("speaker", level) for level in ("full", "full_often", "surname")} | {
    ("speaker_description", "named")
}
_EVENT_GROUND = (
    {("event_name", level) for level in ("own_rare", "own", "own_common", "shared", "most")}
    | {("event_description", "dated"), ("event_description", "named"), ("link", "event_page")}
    | {("playlist", "names_event"), ("chapters", "several")}
)
_DATE_GROUND = {(field, "agrees") for field in ("title_date", "text_date", "recorded")}
_TALK_GROUND = {("talk_description", "named")} | {
    ("talk_title", level)
    for level in ("whole_rare", "whole", "whole_common", "most_rare", "most", "half")
}
_SOON = {("published", level) for level in ("week", "month", "half_year")}
_EDITION = (
    {("year", "agrees"), ("number", "agrees"), ("link", "event_page"), ("chapters", "several")}
    | {("event_description", "dated"), ("playlist", "names_event")}
    | {("talk_title", level) for level in ("whole_rare", "whole", "most_rare")}
).union(_SOON, _DATE_GROUND)
"""What tells which event of a series it is."""


def event(view: View, its: EventFeatures, context: Context) -> Compared:
    """Return what a video's title, text and dates say about an event."""
    result = Compared()
    _event_name(view, its, context, result)
    comparison_dates.compare(view.video, its, result)
    if view.video.video.description:
        _description(view.video, its, context, result)
    if view.chapters and its.talks:
        _chapters(view, its, result)
    if view.video.playlists:
        _playlist(view.video, its, context, result)
    if its.place:
        _place(view.video, its, result)
    if view.no_event:
        _kind_of_video(view, its, result)
    return result


def options(
    view: View,
    its: EventFeatures,
    nearest: Sequence[int],
    of_event: Compared,
    context: Context,
    *,
    proposed: bool = False,
) -> list[tuple[TalkFeatures | None, Compared]]:
    """Return the event as such, and the talks of it that something speaks for.

    A meetup may be on record as a single talk of the same name: that is the event as such.

    Only those that something identifies: none, if the pair is no candidate.  For
    a pair that neighbours proposed, that is ground enough for an editor.
    """
    found: list[tuple[TalkFeatures | None, Compared]] = []
    talks = []
    for n in nearest:
        compared = comparison_talk.compare(view, its, its.talks[n], context)
        if compared.found:
            talks.append((its.talks[n], compared, compared.fields()))
    # a text that names several talks is a programme, and so is one under a recording that is far
    # too long for the talk it names: neither says that the video shows just this one
    several = len([1 for *_, fields in talks if not _DESCRIBED.isdisjoint(fields)]) > 1
    of_its = of_event.fields()
    whole_titles = [(talk, c) for talk, c, fields in talks if not _WHOLE.isdisjoint(fields)]
    alone = Compared()
    for talk, compared, fields in talks:
        if talk is its.itself:  # its title is the event's name, which is weighed already
            titles = ("talk_title", "talk_description")
            alone.found = [f for f in compared.found if f.field not in titles]
            alone.explained, alone.caps = compared.explained, compared.caps
            continue
        is_programme = several or ("length", "unlikely") in fields
        if fields - (_NO_GROUND_OR_DESCRIBED if is_programme else _NO_GROUND):
            _other_name(view, its, compared.explained, context, compared)
            _other_place(view, its, compared.explained, compared)
            explained = of_event.explained | compared.explained
            if not _WHOLE.isdisjoint(fields):
                explained |= _beside(talk, compared, whole_titles)
            _rest(view, its, explained, compared, talk)
            if _is_grounded(view, its, of_its | fields, compared, proposed):
                found.append((talk, compared))
    _other_name(view, its, (), context, alone)
    _other_place(view, its, (), alone)
    named = of_event.explained | alone.explained
    level = _rest(view, its, named, alone)
    is_named = level == "explained" or named.issuperset(view.telling)
    if (
        not (is_named or its.itself)
        and its.has_programme
        and context.model.words("whole_event").isdisjoint(view.video.present)
    ):
        alone.add("talk_title", "none_fits", "the title names none of the event's talks on record")
    if _is_grounded(view, its, of_its | alone.fields(), alone, proposed):
        found.append((its.itself, alone))
    return found


def _beside(
    talk: TalkFeatures, compared: Compared, others: Sequence[tuple[TalkFeatures, Compared]]
) -> frozenset[str]:
    """Return the words of a title that name other talks as wholly as this one.

    A video may show two talks: what the title says of one is not left over for the other.
    Where the two titles share words, one of them is only part of the other.
    """
    own = _title_words(talk, compared)
    each = [c.explained for other, c in others if own.isdisjoint(_title_words(other, c))]
    return frozenset().union(*each)


def _title_words(talk: TalkFeatures, compared: Compared) -> frozenset[str]:
    return compared.explained.difference(*talk.speakers)


def _is_grounded(
    view: View,
    its: EventFeatures,
    fields: set[tuple[str, str]],
    of_talk: Compared,
    proposed: bool,
) -> bool:
    """Return whether something identifies the event or talk; note a cap if only barely."""
    is_dated = not _DATE_GROUND.isdisjoint(fields)
    if not _EVENT_GROUND.isdisjoint(fields):
        if _EDITION.isdisjoint(fields) and its.is_called_as_its_series(view.name_keys):
            of_talk.caps |= {"edition"}
        return True
    if not _TALK_GROUND.isdisjoint(fields):
        if _SOON.isdisjoint(fields) and not is_dated:  # talks are given again
            of_talk.caps |= {"talk_only"}
        return True
    if not _PERSON_GROUND.isdisjoint(fields):
        if not is_dated:
            of_talk.caps |= {"person_only"}
        return True
    if ("event_name", "part") in fields:  # the town of the event, say, where more goes on that day
        of_talk.caps |= {"part_only"}
        return True
    if is_dated:
        of_talk.caps |= {"date_only"}
        return True
    if not _WEAK_GROUND.isdisjoint(fields):
        of_talk.caps |= {"common_only"}
        return True
    if proposed:
        of_talk.caps |= {"neighbours_only"}
    return proposed


# --- names ----------------------------------------------------------------------


def _event_name(view: View, its: EventFeatures, context: Context, result: Compared) -> None:
    here = view.name_keys
    own = [] if here.isdisjoint(its.name_keys) else [n for n in its.names if n.key in here]
    if not own:
        _part_of_name(view, its, context, result)
    elif all(context.words.is_common(w) for n in own for w in n.telling):
        if not _part_of_name(view, its, context, result):
            written = named(max(own, key=lambda n: (len(n.telling), n.written)), view)
            evidence = f'the video\'s title holds "{written}", but that is common here'
            result.add("event_name", "common_words", evidence)
    else:
        _whole_name(view, own, context, result)
    for name in own:
        result.explained |= name.key
    result.explained |= its.own_words & view.video.present


def _whole_name(view: View, own: Sequence[Phrase], context: Context, result: Compared) -> None:
    alone = [n for n in own if context.holders(n) == 1]
    best = named(max(alone or own, key=lambda n: (context.name_bits(n), n.written)), view)
    if not alone:
        count = min(context.holders(n) for n in own)
        evidence = (
            f'the video\'s title holds the name "{best}", which {count} events on record share'
        )
        result.add("event_name", "shared", evidence)
        return
    bits = sum(context.words.name_bits(w) for w in {w for n in alone for w in n.telling})
    surplus = bits - context.event_chance
    level = "own_rare" if surplus >= 6 else "own" if surplus >= 0 else "own_common"
    evidence = f'the video\'s title holds a name that only this event has: "{best}"'
    result.add("event_name", level, evidence)


def _part_of_name(view: View, its: EventFeatures, context: Context, result: Compared) -> bool:
    found: list[tuple[float, str, Phrase, Overlap]] = []
    for name in its.names:
        shared = overlap(name.telling, view, context.words.name_bits)
        if shared.here:
            found.append((shared.bits * shared.share, name.written, name, shared))
    if not found:
        return False
    _, _, name, shared = max(found, key=lambda f: f[:2])
    if all(map(context.words.is_common, shared.here)):
        return False
    surplus = shared.bits - context.event_chance
    # of "Neubrandenburger Zukunftswerkstatt" only the town: much else goes on there
    is_town = bool(its.city) and all(word.startswith(its.city) for word in shared.here)
    if shared.share >= 0.75 and surplus >= 0 and not is_town:
        level = "most"
    elif shared.share >= 0.5 and surplus >= -3:
        level = "part"
    else:
        return False
    result.add(
        "event_name",
        level,
        lambda: (
            f"the video's title holds {len(shared.here)} of {len(name.telling)} telling words of"
            f' the event\'s name "{name.written}": {listed(shared.here, view)}'
        ),
    )
    result.explained |= shared.explained(view)
    return True


def _other_name(
    view: View,
    its: EventFeatures,
    explained: Collection[str],
    context: Context,
    result: Compared,
) -> None:
    """Note a longer name than ours in the title, or the name of quite another event.

    A name within the talk's title is its theme, not the event.
    """
    own = its.name_keys
    if view.name_keys <= own:
        return
    ours = [n.key for n in view.names if n.key in own]
    found: list[tuple[str, float, str]] = []
    for name in view.names:
        words = name.key
        if words in own or not name.whole:
            continue
        if words.issubset(explained) or name.joined in explained:
            continue
        bits = context.name_bits(name)
        if any(words > our for our in ours) and not any(words <= our for our in ours):
            found.append(("longer", bits, name.written))
        elif not ours and bits >= _NAMING and not words <= its.name_words:
            found.append(("another", bits, name.written))
    if found:
        level, _, written = max(found)
        what = "a longer name, of another event" if level == "longer" else "another event"
        result.add("other_name", level, f'the title names {what}: "{written}"', "name")


# --- surroundings ---------------------------------------------------------------


def _description(
    video: VideoFeatures, its: EventFeatures, context: Context, result: Compared
) -> None:
    if "/" in its.url and its.url in video.description_urls:
        result.add("link", "event_page", f"the description links the event's page, {its.url}")
    for name, phrase, is_enough in context.described(its):
        at = video.description.find(phrase)
        if at < 0:
            continue
        near = video.description[at : at + len(phrase) + 20].split()
        if is_enough or any(str(y) in near for y in its.years):
            level = "dated"
        elif any(len(w) == 4 and w.isdigit() and w[:2] in ("19", "20") for w in near):
            continue  # another year of the series
        else:
            level = "named"
        result.add("event_description", level, f'the description names "{name.written}"')
        return


def _chapters(view: View, its: EventFeatures, result: Compared) -> None:
    shown = chapters.talks(view.chapters, view.video.video.duration_s, its.talks)
    if shown:
        level = "several" if len(shown) > 1 else "one"
        what = f"{len(shown)} talks" if len(shown) > 1 else "a talk"
        result.add("chapters", level, f"chapters in the description name {what} of the event")


def _playlist(video: VideoFeatures, its: EventFeatures, context: Context, result: Compared) -> None:
    for title, terms, its_years in video.playlists:
        for name in its.names:
            if not name.whole or context.name_bits(name) < TELLING_NAME:
                continue
            if not (set(name.telling) <= terms or name.joined in terms):
                continue
            if its_years and its.years and not its_years & its.years:
                level, evidence = "other_year", f'it is in the playlist "{title}", of another year'
            elif its_years or context.holders(name) == 1:
                level, evidence = "names_event", f'it is in the playlist "{title}"'
            else:
                continue
            result.add("playlist", level, evidence)
            return


def _place(video: VideoFeatures, its: EventFeatures, result: Compared) -> None:
    if its.place in video.joined:
        result.add("place", "in_title", f"the title names the place, {its.event.city}")
    elif its.place in video.description:
        result.add("place", "in_description", f"the description names the place, {its.event.city}")


def _other_place(
    view: View, its: EventFeatures, explained: Collection[str], result: Compared
) -> None:
    """Note the town of other events in the title; one within the talk's title is its theme."""
    if not (view.towns and its.city) or not view.video.present.isdisjoint(its.city):
        return
    for town in view.towns:
        if its.own_words.isdisjoint(town) and not set(town).issubset(explained):
            place = listed(town, view)
            evidence = f"the title names another place, {place}; the event was in {its.event.city}"
            result.add("place", "differs", evidence, "place")
            return


def _kind_of_video(view: View, its: EventFeatures, result: Compared) -> None:
    words = view.no_event
    if its.name_words.isdisjoint(words):
        evidence = f"the title calls it something that is no recording: {listed(words, view)}"
        result.add("kind_of_video", "no_event", evidence, "words")


def _rest(
    view: View,
    its: EventFeatures,
    explained: Collection[str],
    result: Compared,
    talk: TalkFeatures | None = None,
) -> str | None:
    """Note how much of the title event and talk together account for, and return the level.

    Where no talks are on record, what is left may be the title of one; and the talk's own, if
    it is on record in another script: that says nothing.
    """
    if view.bits < _SHORT:
        return None
    left = [word for word in view.telling if word not in explained]
    share = sum(map(view.telling.__getitem__, left)) / view.bits
    if share <= 0.15:
        result.add("rest_of_title", "explained", "nothing telling is left of the video's title")
        return "explained"
    if share <= 0.4:
        result.add(
            "rest_of_title", "mostly", lambda: f"little is left of the title: {listed(left, view)}"
        )
        return "mostly"
    if share > 0.7 and its.has_programme and (not talk or _is_written_alike(view, left, talk)):
        result.add(
            "rest_of_title",
            "little",
            lambda: f"most of the title has nothing to do with it: {listed(left, view)}",
        )
        return "little"
    return None


def _is_written_alike(view: View, left: Sequence[str], talk: TalkFeatures) -> bool:
    """Return whether words of the video's title are in the script of the talk's."""
    scripts = view.video.scripts
    if len(scripts) > 1:
        scripts = text.scripts(" ".join(view.spelt.get(word, word) for word in left))
    return scripts[:1] == text.scripts(talk.talk.title or "")[:1]
