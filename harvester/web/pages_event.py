"""An event that is missing on record, made from what a video tells."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from harvester.records import Event, Link, Role, Video
from harvester.review import acts
from harvester.review import new_event as proposals
from harvester.review.acts import Say
from harvester.store import reads_cards, reads_review
from harvester.web import fields, security
from harvester.web.fields import Fields, WrongFields
from harvester.web.pages import Trail, go, site_of, user_of
from harvester.web.pages_video import NO_VIDEO, clashed, next_page
from harvester.web.words import Words

FIELDS = ("title", "start_on", "end_on", "series", "city", "url", "role")
_SERIES = 4  # named as examples
_ALIKE = 5


def new_event(request: Request) -> Response:
    """Show the form, filled in with what the video tells."""
    security.needs_editor(request)
    return _form(request, Trail.of(request.query_params))


def _form(
    request: Request,
    trail: Trail,
    *,
    form: Fields | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    site, video_id = site_of(request), request.path_params["video_id"]
    catalogue = site.desk.catalogue()
    with site.database.read() as session:
        stored = reads_cards.video(session, video_id)
        if stored is None:
            raise HTTPException(404, NO_VIDEO)
        seen = reads_review.version(session, video_id)
    words, video = site.words(request), stored.video
    known = proposals.series_of(catalogue)
    given = (
        {name: form.text(name) for name in FIELDS}
        if form
        else _filled(video, stored.playlists, known, words)
    )
    return site.page(
        request,
        "new_event.html",
        status_code=422 if problems else 200,
        here="queue",
        video=video,
        given=given,
        series=known[:_SERIES],
        alike=catalogue.find(video.title, limit=_ALIKE),
        seen=form.text("seen") if form else seen,
        trail=trail,
        query=trail.query(),
        problems={name: words.gettext(text) for name, text in (problems or {}).items()},
    )


def _filled(
    video: Video, playlists: tuple[str, ...], series: list[str], words: Words
) -> dict[str, Any]:
    """Return what the video tells of its event, as the reader writes it."""
    event = proposals.proposed(video, playlists, series, zone=words.zone)
    day = event.start_on
    return dict.fromkeys(FIELDS, "") | {
        "title": event.title,
        "start_on": words.date(day) if day and words.language == "de" else day or "",
        "series": event.series or "",
        "role": Role.FULL,
    }


async def save(request: Request) -> Response:
    """Put the event on record, and link the video to it."""
    form = Fields(await security.form(request))
    trail = Trail.parse(form.text("filter").lstrip("?"))
    try:
        event = fields.event(form)
    except WrongFields as wrong:
        return await fields.aside(_form, request, trail, form=form, problems=wrong.problems)
    role = Role(form.one_of("role", Role))
    said = Say(
        video_id=request.path_params["video_id"],
        what="match",
        links=(Link(event_id="", role=role),),
        seen=form.seen(),
    )
    return await fields.aside(_keep, request, event, said, trail)


def _keep(request: Request, event: Event, said: Say, trail: Trail) -> Response:
    site = site_of(request)
    around = site.desk.queue().around(trail.filter, said.video_id)
    try:
        done = acts.add_event(
            site.database, event, video=said, editor=user_of(request).name, now=site.clock()
        )
    except acts.Clash as clash:
        return clashed(request, said, clash, trail)
    return go(next_page(site, trail, done.act_id, around.next_id))
