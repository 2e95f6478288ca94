"""The application: its routes, the guard before them, and how errors are shown.

    create_app(database, settings=…, model=…, clock=…, secret=…) -> an ASGI application

Handlers that ask the database are plain functions: Starlette runs them in threads.
"""

import datetime as dt
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from harvester.errors import Unavailable
from harvester.linkage import Model
from harvester.review.captions import Captions
from harvester.review.desk import Desk
from harvester.settings import Settings
from harvester.store.database import Database
from harvester.web import (
    api,
    pages,
    pages_bulk,
    pages_decided,
    pages_event,
    pages_login,
    pages_missing,
    pages_overview,
    pages_queue,
    pages_sample,
    pages_talks,
    pages_video,
    security,
)
from harvester.web.catalogue import msgid

STATIC = Path(__file__).parent / "static"

ROUTES = (
    Route("/", pages_overview.overview),
    Route("/queue", pages_queue.queue),
    Route("/decided", pages_decided.decided_videos),
    Route("/video/{video_id}", pages_video.video),
    Route("/video/{video_id}/decide", pages_video.decide, methods=["POST"]),
    Route("/video/{video_id}/talks", pages_talks.talks),
    Route("/video/{video_id}/talks", pages_talks.save, methods=["POST"]),
    Route("/video/{video_id}/new-event", pages_event.new_event),
    Route("/video/{video_id}/new-event", pages_event.save, methods=["POST"]),
    Route("/undo", pages_overview.undo, methods=["POST"]),
    Route("/bulk", pages_bulk.preview),
    Route("/bulk", pages_bulk.accept, methods=["POST"]),
    Route("/missing", pages_missing.missing),
    Route("/missing/status", pages_missing.status, methods=["POST"]),
    Route("/sample", pages_sample.sample),
    Route("/sample", pages_sample.judge, methods=["POST"]),
    Route("/activity", pages_overview.activity),
    Route("/help", pages_overview.help_),
    Route("/login", pages_login.login),
    Route("/login", pages_login.sign_in, methods=["POST"]),
    Route("/logout", pages_login.sign_out, methods=["POST"]),
    Route("/language", pages.language, methods=["POST"]),
)

HEADINGS = {
    400: msgid("That was not understood"),
    401: msgid("Sign in first"),
    403: msgid("That is not allowed"),
    404: msgid("There is nothing here"),
    405: msgid("That is not allowed"),
    409: msgid("This has been decided meanwhile"),
    413: msgid("That is too much at once"),
    429: msgid("Not so fast"),
    500: msgid("Something went wrong"),
    503: msgid("The database does not answer"),
}
NOT_HERE = msgid("There is no such page. Perhaps the address has a typing error.")
NOT_SO = msgid("This address is not meant to be used in this way.")


def create_app(
    database: Database,
    *,
    settings: Settings,
    model: Model,
    clock: Callable[[], dt.datetime],
    secret: bytes,
) -> Starlette:
    """Return the application.  Raises BadConfiguration if the settings are not safe."""
    access = security.Security(settings.review, secret=secret, clock=clock)
    captions = Captions(database)
    application = Starlette(
        routes=[
            *ROUTES,
            *api.routes(database, captions, needs_login=access.has_login),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[Middleware(security.Guard, security=access, render=error_page)],
        exception_handlers={HTTPException: _refused},
        lifespan=_begin,
    )
    application.state.site = pages.Site(
        database=database, settings=settings, model=model, clock=clock, desk=Desk(database)
    )
    application.state.captions = captions
    return application


@asynccontextmanager
async def _begin(application: Starlette) -> AsyncIterator[None]:
    """Read what the pages hold in memory before the first of them is asked for."""
    with suppress(Unavailable):  # it is said on the page that needs it
        await run_in_threadpool(application.state.site.desk.warm)
        await run_in_threadpool(application.state.captions.warm)
    # what is held from now on need not be looked through for garbage again and again: with a
    # long queue somebody's page would wait a quarter of a second for it
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


async def _refused(request: Request, error: Exception) -> Response:
    """Show what a handler, or the router, refuses."""
    status = getattr(error, "status_code", 500)
    said = str(getattr(error, "detail", ""))
    if status in (404, 405) and said in ("Not Found", "Method Not Allowed"):  # the router's
        said = NOT_HERE if status == 404 else NOT_SO
    return error_page(request, status, said)


def error_page(request: Request, status: int, said: str) -> Response:
    """Return the page of an error; `said` is a sentence of ours in English, a msgid."""
    site = pages.site_of(request)
    _ = site.words(request).gettext
    heading = _(HEADINGS.get(status, HEADINGS[400] if status < 500 else HEADINGS[500]))
    return site.page(
        request,
        "error.html",
        status_code=status,
        heading=heading,
        explanation=_(said),
        status=status,
    )
