"""Who may do what on the pages: what `create_app` and its handlers ask.

How to wire it, in `create_app`:

    security = Security(settings.review, secret=secret, clock=clock)  # raises BadConfiguration
    Starlette(
        routes=[
            *api.routes(database, captions, needs_login=security.has_login),
            …
        ],
        middleware=[Middleware(Guard, security=security, render=error_page)],
    )

`error_page(request, status, said) -> Response` shows a sentence of ours (English; a msgid) as a
page.  `Guard` comes first of all middleware.  It has then, before any handler: checked the
path, the host and the peer; found the session and the user; sent whoever must sign in to
/login?next=…; read a POST, checked its size, its origin and its field `csrf`, and refused
changes by readers.  In a handler:

    request.state.user       User(name, role), .is_editor; None on /login, /language, /static only
    request.state.csrf       the token for <input type="hidden" name="csrf">
    request.state.has_login  whether the user signed in here, and so can sign out
    await security.form(request)       the FormData of a POST (checked: csrf, size)
    security.needs_editor(request)     raises HTTPException (403) for readers: for GET pages
    await security.sign_in(request, name, password)   -> SignedIn(user, wait_s)
    security.sign_out(request)
    security.local_path(text)          where to go on (`next`): a path of ours, else "/"

`Guard` sets the cookie of the session; handlers do not.  Without a login (127.0.0.1
only) the user is who runs the program, an editor.
"""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from harvester.web.access import Security, SignedIn, Visit, check_address
from harvester.web.guard import READERS_ONLY_READ, Guard
from harvester.web.hosts import local_path
from harvester.web.users import User, UserRole

__all__ = [
    "Guard",
    "Security",
    "SignedIn",
    "User",
    "UserRole",
    "check_address",
    "form",
    "local_path",
    "needs_editor",
    "sign_in",
    "sign_out",
]


async def form(request: Request) -> FormData:
    """Return the fields of a POST, whose token was checked."""
    return _visit(request).form


def needs_editor(request: Request) -> None:
    """Raise HTTPException (403) if the user may only read."""
    user = _visit(request).user
    if user is None or not user.is_editor:
        raise HTTPException(403, READERS_ONLY_READ)


async def sign_in(request: Request, name: str, password: str) -> SignedIn:
    """Try to sign in; the answer to this request sets the cookie."""
    return await _security(request).sign_in(_visit(request), name, password)


def sign_out(request: Request) -> None:
    """End the session, also for whoever kept a copy of its cookie."""
    _security(request).sign_out(_visit(request))


def _security(request: Request) -> Security:
    security: Security = request.state.security
    return security


def _visit(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit
