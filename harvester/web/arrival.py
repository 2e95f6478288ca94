"""What a request says of itself, held against what we know: address, host, peer, user.

In:   the scope of a request and its headers.
Out:  a Visit; Refused for what no honest browser sends.
"""

import logging
import unicodedata
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import Scope

from harvester.web import hosts
from harvester.web.access import Security, Visit
from harvester.web.catalogue import msgid
from harvester.web.forms import Refused
from harvester.web.sessions import Session

NO_PAGE = msgid("There is no such page.")
NO_METHOD = msgid("Pages are read with GET and changed with POST.")
OTHER_HOST = msgid("This address is not one of ours; the settings name those that are.")
NOT_LOCAL = msgid("These pages have no login: they are for this machine only, without a proxy.")
NOT_THE_PROXY = msgid("Only the proxy may say who the user is.")

_METHODS = ("GET", "HEAD", "POST")
_LONGEST_TARGET = 8_192  # bytes of path and query

_log = logging.getLogger("harvester.web")


def check_target(scope: Scope) -> None:
    """Raise Refused for an address that no page of ours has."""
    raw, query = scope.get("raw_path") or b"", scope["query_string"]
    if len(raw) + len(query) > _LONGEST_TARGET:
        raise Refused(414, NO_PAGE)
    if hosts.is_odd_path(scope["path"], raw) or b"%00" in query or b"\0" in query:
        raise Refused(404, NO_PAGE)
    if scope["method"] not in _METHODS:
        raise Refused(405, NO_METHOD)


def check_host(sent: Headers, security: Security) -> None:
    """Raise Refused unless the browser asked for a name of ours: names can be bent to us (DNS)."""
    host = sent.getlist("host")
    if len(host) != 1 or hosts.host_name(host[0]) not in security.names:
        raise Refused(421, OTHER_HOST)


def visit(scope: Scope, sent: Headers, security: Security) -> tuple[Visit, Session | None]:
    """Return who comes, from where, and the session that came along.

    Raises Refused for who claims to be somebody else.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    is_proxy = hosts.is_in(peer, security.proxies)
    if not security.has_login and (
        not hosts.is_loopback(peer) or any(name in sent for name in hosts.FORWARDED)
    ):
        raise Refused(403, NOT_LOCAL)
    name = _proxy_name(sent, security, is_proxy=is_proxy, peer=peer)
    is_secure, place = scope["scheme"] == "https", peer
    if is_proxy:
        is_secure = is_secure or _last(sent, "x-forwarded-proto").lower() == "https"
        place = _last(sent, "x-forwarded-for") or peer  # counts failures, proves nothing
    came_with = security.sessions.read(sent.get("cookie", ""), security.now, is_secure=is_secure)
    session = came_with or security.sessions.begin(security.now)
    user = security.user(session, name)
    return Visit(peer, hosts.throttle_key(place), is_secure, session, user), came_with


def _proxy_name(sent: Headers, security: Security, *, is_proxy: bool, peer: str) -> str | None:
    values = sent.getlist(security.user_header) if security.user_header else []
    if not values:
        return None
    # twice: one of them may be the visitor's own
    if not is_proxy or len(values) > 1:
        _log.warning("refused %s, which said who the user is", peer or "a peer without address")
        raise Refused(403, NOT_THE_PROXY)
    if not values[0].strip():
        return None
    try:
        name = values[0].encode("latin-1").decode("utf-8")  # as proxies send it
    except UnicodeDecodeError:
        name = values[0]
    name = unicodedata.normalize("NFC", name.strip())
    if len(name) > 60 or not name.isprintable() or name.startswith("rule:"):
        raise Refused(403, NOT_THE_PROXY)
    return name


def address(scope: Scope) -> str:
    """Return path and query of a request, as a path of ours or not: see `local_path`."""
    query = quote(scope["query_string"].decode("latin-1"), safe="%=&+,;:/?@!$'()*~-._")
    return quote(scope["path"]) + (f"?{query}" if query else "")


def _last(sent: Headers, name: str) -> str:
    """Return what the proxy itself added to a list that others may have begun."""
    return ",".join(sent.getlist(name)).rpartition(",")[2].strip()
