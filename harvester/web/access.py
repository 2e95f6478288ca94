"""Who is it: the login as the settings want it, by password or by a proxy, or nobody's.

A session in a cookie, or a name and password in each request of a program.  Wrong
passwords are slowed down (throttle.py), and hashed a few at a time.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from starlette.datastructures import FormData

from harvester.errors import BadConfiguration
from harvester.settings import system_user
from harvester.web import hosts
from harvester.web.sessions import Session, Sessions
from harvester.web.throttle import Throttle
from harvester.web.users import Account, Accounts, User, UserRole

if TYPE_CHECKING:
    from harvester.settings import ReviewSettings

_AT_ONCE = 2  # password hashes computed at the same time: each takes 64 MiB
_MOST_WAITING = 20
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class SignedIn:
    """How a try to sign in ended; with `wait_s` above 0 it was not even looked at."""

    user: User | None
    wait_s: int = 0


@dataclass(slots=True)
class Visit:
    """What is known of a request before its handler sees it."""

    peer: str
    place: str  # what tries to sign in are counted by
    is_secure: bool
    session: Session
    user: User | None
    form: FormData = field(default_factory=FormData)


class Security:
    """The login as the settings want it.  Raises BadConfiguration if they are not safe."""

    def __init__(
        self, review: "ReviewSettings", *, secret: bytes, clock: Callable[[], dt.datetime]
    ) -> None:
        check_address(review)
        self._clock = clock
        self._key = hmac.digest(secret, b"basic", "sha256")
        self.names = hosts.known_names(review.host, review.allowed_hosts)
        self.proxies = hosts.networks(review.proxy_addresses)
        self.user_header = review.proxy_user_header.lower()
        self.accounts = Accounts(Path(review.password_file)) if review.password_file else None
        self.sessions = Sessions(
            secret=secret, hours=review.session_hours, cookie=f"harvester_{review.port}"
        )
        self.has_login = bool(self.accounts or self.user_header)
        self._throttle = Throttle()
        self._hashing = anyio.CapacityLimiter(_AT_ONCE)
        self._waiting = 0
        self._remembered: OrderedDict[bytes, Account] = OrderedDict()
        self._local = User(system_user(), UserRole.EDITOR)

    @property
    def now(self) -> dt.datetime:
        """The present time."""
        return self._clock()

    def user(self, session: Session, proxy_name: str | None) -> User | None:
        """Return who asks: whom the proxy names, who signed in, or who runs the program."""
        if not self.has_login:
            return self._local
        if proxy_name is not None:
            account = self.accounts.get(proxy_name) if self.accounts else None
            unlisted = UserRole.READER if self.accounts else UserRole.EDITOR
            return User(proxy_name, account.user.role if account else unlisted)
        account = self.accounts.get(session.name) if self.accounts and session.name else None
        if account is None or account.fingerprint != session.fingerprint:
            return None
        return account.user

    async def sign_in(self, visit: Visit, name: str, password: str) -> SignedIn:
        """Begin a session for a user, if that is the password.  Tries are slowed down."""
        account, wait_s = await self._verified(visit.place, name, password)
        if account is None:
            return SignedIn(None, wait_s)
        visit.session = self.sessions.begin(
            self.now, name=account.user.name, fingerprint=account.fingerprint
        )
        visit.user = account.user
        return SignedIn(account.user)

    def sign_out(self, visit: Visit) -> None:
        """End the session, and begin another one of nobody."""
        if visit.session.name:
            self.sessions.end(visit.session, self.now)
        visit.session, visit.user = self.sessions.begin(self.now), None

    async def basic(self, place: str, authorization: str) -> SignedIn:
        """Return who a program says it is, with a password in each request, for the API."""
        kind, _, coded = authorization.partition(" ")
        try:
            said = base64.b64decode(coded, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            said = ""
        name, colon, password = said.partition(":")
        if kind.lower() != "basic" or not colon:
            return SignedIn(None)
        # hashed once, not for each page of a list; a keyed digest, not the password, is kept
        key = hmac.new(self._key, said.encode(), hashlib.sha256).digest()
        known, current = self._remembered.get(key), self.accounts and self.accounts.get(name)
        if known is not None and current == known:
            return SignedIn(known.user)
        account, wait_s = await self._verified(place, name, password)
        if account is None:
            return SignedIn(None, wait_s)
        self._remembered[key] = account
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return SignedIn(account.user)

    async def _verified(self, place: str, name: str, password: str) -> tuple[Account | None, int]:
        if self.accounts is None:
            return None, 0
        wait_s = self._throttle.wait_s(name, place, self.now)
        if wait_s > 0 or self._waiting >= _MOST_WAITING:
            return None, max(1, math.ceil(wait_s))
        self._throttle.failed(name, place, self.now)
        self._waiting += 1
        try:
            account = await anyio.to_thread.run_sync(
                self.accounts.verify, name, password, limiter=self._hashing
            )
        finally:
            self._waiting -= 1
        if account is not None:
            self._throttle.succeeded(name, place)
        return account, 0


def check_address(review: "ReviewSettings") -> None:
    """Raise BadConfiguration if the address is open to others and nobody need sign in."""
    if review.proxy_user_header and not review.proxy_addresses:
        raise BadConfiguration(
            "review.proxy_user_header is believed of named addresses only: name the proxy's in"
            " review.proxy_addresses"
        )
    has_login = bool(review.password_file or review.proxy_user_header)
    if not has_login and not hosts.is_loopback(review.host):
        raise BadConfiguration(
            f"review.host: {review.host} can be reached by others, and there is no login; set"
            " review.password_file (`harvester review password NAME`), or"
            " review.proxy_user_header and review.proxy_addresses"
        )
    if hosts.is_everywhere(review.host) and not review.allowed_hosts:
        raise BadConfiguration(
            f"review.host: {review.host} stands for every address; say in review.allowed_hosts by"
            ' which names browsers come, such as ["review.example.org"]'
        )
