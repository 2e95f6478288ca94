"""Signing in and out."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from harvester.web import security
from harvester.web.catalogue import msgid
from harvester.web.fields import Fields
from harvester.web.pages import go, site_of

WRONG = msgid("Name or password is wrong.")
_LONGEST_NAME = 60


def login(request: Request) -> Response:
    """Ask for name and password."""
    there = security.local_path(request.query_params.get("next"))
    return go(there) if request.state.user is not None else _form(request, there)


async def sign_in(request: Request) -> Response:
    """Sign in, and go where somebody wanted to go."""
    form = await security.form(request)
    fields = Fields(form)
    name, there = fields.text("name"), security.local_path(fields.text("next"))
    # a password may begin or end with a blank
    done = await security.sign_in(request, name, str(form.get("password", "")))
    if done.user is not None:
        return go(there)
    words, name = site_of(request).words(request), name[:_LONGEST_NAME]
    if not done.wait_s:
        return _form(request, there, name=name, problem=words.gettext(WRONG), status_code=403)
    problem = words.ngettext(
        "Too many tries. Wait {n} second, then try again.",
        "Too many tries. Wait {n} seconds, then try again.",
        done.wait_s,
    )
    response = _form(request, there, name=name, problem=problem, status_code=429)
    response.headers["retry-after"] = str(done.wait_s)
    return response


def _form(
    request: Request, there: str, *, name: str = "", problem: str | None = None, **more: Any
) -> Response:
    return site_of(request).page(
        request, "login.html", next=there, name=name, problem=problem, **more
    )


async def sign_out(request: Request) -> Response:
    """Sign out."""
    security.sign_out(request)
    return go("/login")
