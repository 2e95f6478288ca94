"""Several talks or events in one video, each with start and end; chapters propose them."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from harvester.records import Event, Role, Talk
from harvester.review import acts, search
from harvester.review.acts import Say
from harvester.review.cards import ProposedStart, starts_for
from harvester.store import reads_cards, reads_people, reads_review
from harvester.web import fields, security
from harvester.web.catalogue import msgid
from harvester.web.fields import Fields, WrongFields
from harvester.web.frame import name_of_talk
from harvester.web.lists import LISTS
from harvester.web.pages import Trail, go, site_of
from harvester.web.pages_video import NO_VIDEO, keep
from harvester.web.words import Words

_HITS = 10  # events that a search adds to the form
NO_EVENT = msgid("This event is not on record.")
TAKEN = msgid(
    "Another video shows this talk already: choose “a further upload”, or do not tick it."
)


class Row(NamedTuple):
    """A line of the form: a talk, or an event as a whole."""

    key: str
    name: str
    day: str
    is_ticked: bool
    start: str
    end: str
    role: str
    shown_by: str | None  # title of another video that shows it in full
    told: str  # the times that its chapter says

    @property
    def is_open(self) -> bool:
        """Whether its times and its role are to be seen."""
        return bool(self.is_ticked or self.start or self.end)


def talks(request: Request) -> Response:
    """Show an event's talks to tick; without an event, the card's search for one."""
    security.needs_editor(request)
    event_id, trail = request.query_params.get("event", ""), Trail.of(request.query_params)
    if not event_id:
        return go(f"/video/{quote(request.path_params['video_id'])}{trail.query()}#other")
    return _form(request, event_id, trail)


def _form(
    request: Request,
    event_id: str,
    trail: Trail,
    *,
    given: Fields | None = None,
    problems: dict[str, str] | None = None,
    clash: acts.Clash | None = None,
) -> Response:
    """Show the form, as it was `given` if it comes back; with it what was looked for in it."""
    is_late = any(each.code == "changed_meanwhile" for each in clash.problems) if clash else False
    find = given.text("find") if given else ""
    site, video_id = site_of(request), request.path_params["video_id"]
    with site.database.read() as session:
        stored = reads_cards.video(session, video_id)
        event = reads_cards.event(session, event_id)
        if stored is None or event is None:
            raise HTTPException(404, NO_VIDEO if stored is None else NO_EVENT)
        programme = reads_cards.talks_of(session, [event_id]).get(event_id, [])
        chapters = starts_for(session, video_id, event_id, model=site.model)
        shown = _shown(session, event_id, video_id)
        seen = reads_review.version(session, video_id)
        others = _others(session, video_id, event_id, given)
        catalogue = site.desk.catalogue() if find else None
        hits = search.events(session, catalogue, find, limit=_HITS) if catalogue else []
        others += _events(session, [hit.event.event_id for hit in hits], but=[event, *others])
        explained = reads_people.explanation(session, video_id) if is_late else None
    words = site.words(request)
    if clash and given:
        problems = _clashes(clash, given, shown)
    lines = _lines(event, programme, others, words)
    rows = [
        _given(line, given, shown) if given else _proposed(line, chapters, shown, words)
        for line in lines
    ]
    return site.page(
        request,
        "talks.html",
        status_code=409 if clash else 422 if problems else 200,
        here="queue",
        video=stored.video,
        event=event,
        talks=[row for row in rows if row.key.startswith(fields.TALK)],
        events=[row for row in rows if row.key.startswith(fields.EVENT)],
        chapters=chapters,
        has_chapters=any(each.talk_id for each in chapters),
        find=find,
        found=len(hits),
        seen=given.text("seen") if given and not is_late else seen,
        holds=explained.decision if explained else None,
        holds_names=_names(explained, words) if explained else {},
        is_late=is_late,
        query=trail.query(),
        problems={
            name: words.gettext(text, length=words.length(stored.video.duration_s))
            for name, text in (problems or {}).items()
        },
    )


def _names(explained: reads_people.Explanation, words: Words) -> dict[str, str]:
    """Return what the records are called that a decision links, by their ids."""
    names = {event_id: event.title for event_id, event in explained.events.items()}
    links = explained.decision.links if explained.decision else ()
    names |= {id_: id_ for link in links for id_ in (link.event_id, link.talk_id) if id_} | names
    return names | {id_: name_of_talk(talk, words) for id_, talk in explained.talks.items()}


def _clashes(clash: acts.Clash, given: Fields, shown: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with which field, of what the use case refused."""
    problems = {
        f"role-{key}": TAKEN
        for key in given.all("pick")
        if key.removeprefix(fields.TALK) in shown and given.text(f"role-{key}") == Role.FULL
    }
    codes = {each.code for each in clash.problems} - ({"taken"} if problems else set())
    told = [LISTS["problem"][code] for code in sorted(codes - {"changed_meanwhile"})]
    return problems | ({"talks": told[0]} if told else {})


def _shown(session: Any, event_id: str, video_id: str) -> dict[str, str]:
    """Return which talks other videos show in full, with the title of one of them."""
    others = reads_cards.showing(session, [event_id], without=video_id).get(event_id, [])
    return {
        other.link.talk_id: other.title or other.video_id
        for other in others
        if other.link.talk_id and other.link.role is Role.FULL
    }


def _lines(
    event: Event, programme: list[Talk], others: list[Event], words: Words
) -> list[tuple[str, str, str]]:
    """Return what can be ticked: key, name, day."""
    talks = [
        (fields.TALK + talk.talk_id, name_of_talk(talk, words), talk.held_on) for talk in programme
    ]
    events = [
        (fields.EVENT + each.event_id, each.title, each.start_on) for each in [event, *others]
    ]
    return [(key, name, words.date(day) if day else "") for key, name, day in [*talks, *events]]


def _proposed(
    line: tuple[str, str, str],
    chapters: tuple[ProposedStart, ...],
    shown: dict[str, str],
    words: Words,
) -> Row:
    id_ = line[0].removeprefix(fields.TALK)
    chapter = next((each for each in chapters if each.talk_id == id_), None)
    start = words.length(chapter.start_s) if chapter else ""
    end = words.length(chapter.end_s) if chapter and chapter.end_s is not None else ""
    role = Role.DUPLICATE if id_ in shown else Role.FULL
    told = f"{start}|{end}" if chapter else ""
    return Row(*line, chapter is not None, start, end, role, shown.get(id_), told)


def _given(line: tuple[str, str, str], given: Fields, shown: dict[str, str]) -> Row:
    """Return a line as somebody filled it in, for him to mend."""
    key = line[0]
    start, end, role = (given.text(f"{name}-{key}") for name in ("start", "end", "role"))
    by = shown.get(key.removeprefix(fields.TALK))
    told = given.text(f"told-{key}")
    return Row(*line, key in given.all("pick"), start, end, role or Role.FULL, by, told)


def _others(session: Any, video_id: str, event_id: str, given: Fields | None) -> list[Event]:
    """Return the events that the video may be of, too, and those that were ticked."""
    explained = reads_people.explanation(session, video_id)
    candidates = explained.linking.candidates if explained and explained.linking else ()
    ids = [each.event_id for each in candidates if each.event_id != event_id]
    for picked in given.all("pick") if given else ():
        if picked.startswith(fields.EVENT) and picked != fields.EVENT + event_id:
            ids.append(picked.removeprefix(fields.EVENT))
    return _events(session, ids)


def _events(session: Any, ids: Iterable[str], but: Sequence[Event] = ()) -> list[Event]:
    known = {event.event_id for event in but}
    found = (reads_cards.event(session, each) for each in dict.fromkeys(ids) if each not in known)
    return [event for event in found if event]


async def save(request: Request) -> Response:
    """Link the talks that were ticked, and go on; or show what was looked for."""
    form = Fields(await security.form(request))
    event_id, video_id = form.text("event"), request.path_params["video_id"]
    trail = Trail.parse(form.text("filter").lstrip("?"))
    if form.text("do") == "find":
        return await fields.aside(_form, request, event_id, trail, given=form)
    return await fields.aside(_save, request, event_id, video_id, trail, form)


def _save(request: Request, event_id: str, video_id: str, trail: Trail, form: Fields) -> Response:
    with site_of(request).database.read() as session:
        stored = reads_cards.video(session, video_id)
    if stored is None:
        raise HTTPException(404, NO_VIDEO)
    try:
        links = fields.several(form, event_id, stored.video.duration_s)
    except WrongFields as wrong:
        return _form(request, event_id, trail, given=form, problems=wrong.problems)
    said = Say(video_id=video_id, what="match", links=links, seen=form.seen())
    try:
        return keep(request, said, form, shows_clash=False)
    except acts.Clash as clash:  # nothing that was filled in is lost
        return _form(request, event_id, trail, given=form, clash=clash)
