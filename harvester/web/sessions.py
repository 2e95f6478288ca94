"""Sessions: a signed cookie that says who is there, and the token that changes carry.

The cookie holds a random id, the user's name if one signed in here, and when it ends.
Its signature is made with a secret of this start of the program, so that a restart
ends all sessions, and what signing out ends need not be remembered for longer.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import cookie_parser

_LONGEST_COOKIE = 4096


@dataclass(frozen=True, slots=True)
class Session:
    """What the cookie says."""

    session_id: str
    ends_at: dt.datetime
    name: str = ""  # who signed in with a password; "" for everybody else
    fingerprint: str = ""  # of that password's hash


class Sessions:
    """Makes, reads and ends sessions."""

    def __init__(self, *, secret: bytes, hours: float, cookie: str) -> None:
        if len(secret) < 16:
            raise ValueError("the secret of sessions must have 16 bytes or more")
        self._length = dt.timedelta(hours=hours)
        self._cookie = cookie
        self._signer = URLSafeSerializer(
            secret, salt="session", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._csrf_key = hmac.digest(secret, b"csrf", "sha256")
        self._ended: dict[str, dt.datetime] = {}

    def begin(self, now: dt.datetime, *, name: str = "", fingerprint: str = "") -> Session:
        """Return a new session."""
        return Session(secrets.token_urlsafe(18), now + self._length, name, fingerprint)

    def renewed(self, session: Session, now: dt.datetime) -> Session:
        """Return the session, longer if it is half over and nobody signed in: then it must end."""
        if session.name or session.ends_at - now > self._length / 2:
            return session
        return replace(session, ends_at=now + self._length)

    def read(self, cookies: str, now: dt.datetime, *, is_secure: bool) -> Session | None:
        """Return the session of a Cookie header; None if there is none that holds."""
        text = _cookie(cookies, self.cookie_name(is_secure=is_secure))
        if not text or len(text) > _LONGEST_COOKIE:
            return None
        try:
            found: Any = self._signer.loads(text)
            session = Session(
                str(found["i"]),
                dt.datetime.fromtimestamp(found["e"], dt.UTC),
                str(found["n"]),
                str(found["f"]),
            )
        except (BadData, KeyError, TypeError, ValueError, OverflowError, OSError):
            return None
        if session.ends_at <= now or session.session_id in self._ended:
            return None
        return session

    def end(self, session: Session, now: dt.datetime) -> None:
        """End a session, also for whoever kept a copy of its cookie."""
        self._ended = {each: at for each, at in self._ended.items() if at > now}
        self._ended[session.session_id] = session.ends_at

    def header(self, session: Session, *, is_secure: bool) -> str:
        """Return the Set-Cookie header of a session.

        Without Max-Age: closing the browser forgets it, and the end in it is what counts.
        """
        text = self._signer.dumps(
            {
                "i": session.session_id,
                "e": int(session.ends_at.timestamp()),
                "n": session.name,
                "f": session.fingerprint,
            }
        )
        secure = "; Secure" if is_secure else ""
        name = self.cookie_name(is_secure=is_secure)
        return f"{name}={_text(text)}; Path=/; HttpOnly; SameSite=Strict{secure}"

    def cookie_name(self, *, is_secure: bool) -> str:
        """Return the cookie's name; __Host- lets no other host of the domain set it."""
        return f"__Host-{self._cookie}" if is_secure else self._cookie

    def csrf(self, session: Session) -> str:
        """Return the token that a change in this session must carry."""
        said = f"{session.session_id}\n{session.name}".encode()
        return hmac.new(self._csrf_key, said, "sha256").hexdigest()

    def is_csrf(self, session: Session, token: str) -> bool:
        """Tell whether that is the token of the session, in constant time."""
        return hmac.compare_digest(
            self.csrf(session).encode(), token.encode("utf-8", "surrogatepass")
        )


def _text(signed: str | bytes) -> str:
    return signed if isinstance(signed, str) else signed.decode("ascii")


def _cookie(header: str, name: str) -> str | None:
    # not http.cookies: it gives up at the first odd cookie of another program on this machine
    return cookie_parser(header).get(name)
