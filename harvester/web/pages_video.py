"""The card: one video, its candidates, why, and what an editor can say of it."""

import re
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from harvester.records import Link, Role
from harvester.review import acts, search
from harvester.review.acts import Say
from harvester.review.cards import CandidateCard, Card, Piece, ProposedStart, card, starts_for
from harvester.review.queue import Level
from harvester.store import reads_cards, reads_review
from harvester.store.reads_cards import Showing
from harvester.store.reads_review import Difference
from harvester.web import fields, security
from harvester.web.catalogue import msgid
from harvester.web.fields import Fields
from harvester.web.frame import name_of_talk
from harvester.web.pages import Site, Trail, go, site_of, user_of
from harvester.web.words import Words

NO_VIDEO = msgid("This video is not on record.")
_AT_ONCE = 2  # candidates
_LONGEST = 200  # characters of what somebody looks for


def video(request: Request) -> Response:
    """Show a video with its candidates."""
    site, trail = site_of(request), Trail.of(request.query_params)
    video_id: str = request.path_params["video_id"]
    find = request.query_params.get("find", "")[:_LONGEST].strip()
    words, catalogue = site.words(request), site.desk.catalogue() if find else None
    with site.database.read() as session:
        shown = card(session, video_id, model=site.model)
        if shown is None:
            raise HTTPException(404, NO_VIDEO)
        names = names_of(session, shown, words)
        hits = search.events(session, catalogue, find) if catalogue else []
    blind = trail._replace(is_blind=not trail.is_blind)
    return site.page(
        request,
        "card.html",
        here="queue",
        card=shown,
        names=names,
        near=shown.candidates[: _near(shown)],
        far=shown.candidates[_near(shown) :],
        trail=trail,
        query=trail.query(),
        around=site.desk.queue().around(trail.filter, video_id),
        said=site.said(request, trail),
        blind=trail.is_blind,
        blind_url=f"/video/{video_id}{blind.query(find=find)}#card",
        carried=trail.pairs(),
        find=find,
        hits=hits,
        talks_of=_with_talks(shown),
        choice_of=choice_of,
        taken_by=taken_by,
        is_shown=is_shown,
        chapters_of=lambda candidate: _chapters_of(candidate, shown, words),
        is_language=lambda tag: bool(fields.LANGUAGE.fullmatch(tag or "")),
        sides=lambda each: _sides(words, each),
    )


def _near(shown: Card) -> int:
    """Return how many candidates to show at once: two, and more only if they are not weak."""
    telling = sum(each.level is not Level.WEAK for each in shown.candidates)
    return max(telling, _AT_ONCE)


def _with_talks(shown: Card) -> str | None:
    """Return the first candidate's event that has talks, else the first candidate's."""
    ids = [each.event.event_id for each in shown.candidates if each.talks]
    return next(iter(ids), shown.best.event.event_id if shown.best else None)


def choice_of(candidate: CandidateCard) -> str:
    """Return how a button names what a candidate proposes."""
    talk = {"talk": candidate.talk.talk_id} if candidate.talk else {}
    return urlencode({"event": candidate.event.event_id, **talk})


def taken_by(candidate: CandidateCard) -> list[Showing]:
    """Return the videos that show a candidate's very talk in full already."""
    talk = candidate.talk
    return [
        other
        for other in candidate.shown_by
        if talk and other.link.talk_id == talk.talk_id and other.link.role is Role.FULL
    ]


def is_shown(candidate: CandidateCard) -> bool:
    """Tell whether another video shows what a candidate proposes, so that there can be a second."""
    talk_id = candidate.talk.talk_id if candidate.talk else None
    return any(other.link.talk_id in (None, talk_id) for other in candidate.shown_by)


def _chapters_of(
    candidate: CandidateCard, shown: Card, words: Words
) -> list[tuple[ProposedStart, str]]:
    """Return the chapters that name talks of a candidate, if they name several."""
    names = {talk.talk_id: name_of_talk(talk, words) for talk in candidate.talks}
    found = [(each, names[each.talk_id]) for each in shown.chapters if each.talk_id in names]
    return found if len(found) > 1 else []


def names_of(session: Any, shown: Card, words: Words) -> dict[str, str]:
    """Return the titles of all events and talks that a card names by id."""
    links = [*(shown.decision.links if shown.decision else ())]
    links += [link for line in shown.history for link in line.links]
    links += [other.link for each in shown.candidates for other in each.shown_by]
    events = {link.event_id for link in links}
    events |= {line.event_id for line in shown.history if line.event_id}
    names = dict(reads_review.known_events(session, events))
    for talks in reads_cards.talks_of(session, events).values():
        for talk in talks:
            names[talk.talk_id] = name_of_talk(talk, words)
    return names


def _sides(words: Words, difference: Difference) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return what was and what is now, as people say it, with the words marked that differ."""
    texts = [value or "–" for value in (difference.was, difference.is_now)]
    if difference.what == "duration_s":
        texts = [words.length(int(text)) if text.isdigit() else text for text in texts]
    was, is_now = (re.findall(r"\s+|[^\s]+", text) for text in texts)
    kept = SequenceMatcher(None, was, is_now, autojunk=False).get_matching_blocks()
    return _marked(was, [(at.a, at.size) for at in kept]), _marked(
        is_now, [(at.b, at.size) for at in kept]
    )


def _marked(words: list[str], kept: list[tuple[int, int]]) -> tuple[Piece, ...]:
    """Return words in pieces: what is between those kept is marked."""
    pieces, end = [], 0
    for start, size in kept:
        pieces.append(Piece("".join(words[end:start]), is_marked=True))
        end = start + size
        pieces.append(Piece("".join(words[start:end]), is_marked=False))
    return tuple(piece for piece in pieces if piece.text)


async def decide(request: Request) -> Response:
    """Keep what an editor says, and show the next video; or say why not."""
    form = Fields(await security.form(request))
    video_id = request.path_params["video_id"]
    if event_id := fields.event_of_chapters(form):
        return await fields.aside(_keep_chapters, request, video_id, event_id, form)
    return await fields.aside(keep, request, fields.said(form, video_id), form)


def _keep_chapters(request: Request, video_id: str, event_id: str, form: Fields) -> Response:
    """Keep the talks that the chapters name; one that another video shows is a second upload."""
    site = site_of(request)
    with site.database.read() as session:
        starts = starts_for(session, video_id, event_id, model=site.model)
        shown = reads_review.showing(session, [each.talk_id for each in starts if each.talk_id])
    links = tuple(
        Link(
            event_id=event_id,
            talk_id=each.talk_id,
            role=Role.DUPLICATE if set(shown.get(each.talk_id, ())) - {video_id} else Role.FULL,
            start_s=each.start_s,
            end_s=each.end_s,
        )
        for each in starts
        if each.talk_id
    )
    said = Say(video_id=video_id, what="match", links=links, note=form.note(), seen=form.seen())
    return keep(request, said, form)


def keep(request: Request, said: Say, form: Fields, *, shows_clash: bool = True) -> Response:
    """Write what was said, and go on; shared by the card and its two forms.

    Raises acts.Clash, instead of showing it, for a form that shows it itself.
    """
    site, trail = site_of(request), Trail.parse(form.text("filter").lstrip("?"))
    around = site.desk.queue().around(trail.filter, said.video_id)
    editor = user_of(request).name
    try:
        done = acts.say(site.database, [said], editor=editor, now=site.clock())
    except acts.Clash as clash:
        if not shows_clash:
            raise
        return clashed(request, said, clash, trail)
    # after a no its next candidate is next; and who mends what was decided sees that it is mended
    stays = said.what == "reject" or not around.place
    return go(next_page(site, trail, done.act_id, said.video_id if stays else around.next_id))


def next_page(site: Site, trail: Trail, act_id: int, video_id: str | None) -> str:
    """Return the address of the next card, or of the list if it was the last."""
    if video_id is None:
        first = site.desk.queue().find(trail.filter, per_page=1).rows
        video_id = first[0].video_id if first else None
    query = trail.query(done=act_id)
    return f"/video/{video_id}{query}#card" if video_id else f"/queue{query}#list"


def clashed(request: Request, said: Say, clash: acts.Clash, trail: Trail) -> Response:
    """Show why something was not kept: both sides of it, and what can be done."""
    site = site_of(request)
    words = site.words(request)
    with site.database.read() as session:
        shown = card(session, said.video_id, model=site.model)
        if shown is None:
            raise HTTPException(404, NO_VIDEO)
        names = names_of(session, shown, words)
        names |= reads_review.known_events(
            session, [*(link.event_id for link in said.links), *said.event_ids]
        )
        for talks in reads_cards.talks_of(session, [link.event_id for link in said.links]).values():
            names |= {talk.talk_id: name_of_talk(talk, words) for talk in talks}
        others = {
            each.by: reads_cards.video(session, each.by)
            for each in clash.problems
            if each.code == "taken" and each.by
        }
    codes = {each.code for each in clash.problems}
    return site.page(
        request,
        "clash.html",
        status_code=409,
        here="queue",
        card=shown,
        names=names,
        said=said,
        problems=clash.problems,
        others={video_id: stored.video.title for video_id, stored in others.items() if stored},
        is_simple=len(said.links) <= 1 and all(link.event_id for link in said.links),
        again=again(said),
        is_late="changed_meanwhile" in codes,
        is_taken="taken" in codes,
        is_only_known=codes <= {"changed_meanwhile", "taken"},
        trail=trail,
        query=trail.query(),
    )


def again(said: Say) -> str:
    """Return how a button says the same once more."""
    given: dict[str, str] = {}
    if said.links:
        [link, *_] = said.links
        given = {"event": link.event_id, "talk": link.talk_id or "", "role": link.role}
    elif said.event_ids:
        given = {"event": said.event_ids[0]}
    elif said.reason:
        given = {"reason": said.reason}
    return f"{said.what}?{urlencode({k: v for k, v in given.items() if v})}"
