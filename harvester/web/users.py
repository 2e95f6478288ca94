"""Users: the password file, its hashes, and who may do what.

One line is one user, `name:role:hash`; the hash is argon2id's own text, or "-" for
somebody who comes by the proxy only.  The file is read again when it changed: who is
taken out of it is out at the next request.
"""

import hashlib
import logging
import os
import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from harvester.errors import BadConfiguration, BadInput, CannotWrite, ExtraMissing

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LONGEST_PASSWORD = 512  # letters: hashing takes time
SHORTEST_PASSWORD = 10
NO_PASSWORD = "-"  # noqa: S105

_log = logging.getLogger(__name__)


class UserRole(StrEnum):
    """What a user may do."""

    READER = "reader"  # sees everything
    EDITOR = "editor"  # changes, too


@dataclass(frozen=True, slots=True)
class User:
    """Who asks."""

    name: str
    role: UserRole

    @property
    def is_editor(self) -> bool:
        """Tell whether the user may change anything."""
        return self.role is UserRole.EDITOR


@dataclass(frozen=True, slots=True)
class Account:
    """A line of the password file."""

    user: User
    hash: str

    @property
    def fingerprint(self) -> str:
        """What changes with the password, so that it ends the sessions of the old one."""
        return hashlib.sha256(self.hash.encode()).hexdigest()[:16]


def checked_name(name: str) -> str:
    """Return a user's name, stripped; raises BadInput if it is none.

    It is the editor's name in decisions, where "rule:" marks the rules.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not name or len(name) > 60:
        raise BadInput("a user's name has 1 to 60 characters")
    if not name.isprintable() or ":" in name:
        raise BadInput("a user's name has neither a colon nor control characters")
    return name


class Accounts:
    """The users of a password file.  Raises BadConfiguration if it is not in order at the start."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp = _stamp(file)
        self._accounts = read(file)
        self._hasher = _hasher()
        # verified for names that there are not: the time tells nobody who is a user
        self._nobody = self._hasher.hash(secrets.token_hex())

    def get(self, name: str) -> Account | None:
        """Return the account of that name."""
        return self._current().get(unicodedata.normalize("NFC", name).strip())

    def verify(self, name: str, password: str) -> Account | None:
        """Return the account if that is its password.  Takes the same time whatever is wrong."""
        from argon2.exceptions import InvalidHashError, VerificationError

        account = self.get(name)
        has_hash = account is not None and account.hash != NO_PASSWORD
        known = account.hash if account is not None and has_hash else self._nobody
        is_right = False
        with suppress(VerificationError, InvalidHashError):
            is_right = self._hasher.verify(known, _normal(password[:LONGEST_PASSWORD]))
        return account if is_right and has_hash else None

    def _current(self) -> Mapping[str, Account]:
        stamp = _stamp(self._file)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._accounts = read(self._file)
            except BadConfiguration as error:
                _log.error("%s; nobody can sign in until it is in order", error)
                self._accounts = {}
        return self._accounts


def read(file: Path) -> dict[str, Account]:
    """Return the accounts of a password file, by name.  Raises BadConfiguration with the line."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise BadConfiguration(
            f"review.password_file: there is no {file}; `harvester review password NAME` writes it"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise BadConfiguration(f"review.password_file: cannot read {file}: {reason}") from None
    accounts = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(":")
        role, _, kept = rest.partition(":")
        is_hash = kept == NO_PASSWORD or kept.startswith("$argon2id$")
        if not name or role not in set(UserRole) or not is_hash or name in accounts:
            raise BadConfiguration(
                f"review.password_file: {file}, line {number}: NAME:{'|'.join(UserRole)}:HASH"
                " is expected, with an argon2id hash, each name once"
            )
        accounts[name] = Account(User(name, UserRole(role)), kept)
    return accounts


def save(file: Path, name: str, password: str | None, role: UserRole) -> bool:
    """Add a user to a password file, or change one; return whether there was one of that name.

    The file is replaced as a whole and readable for its owner only.  Raises BadInput for
    a name or password that will not do, CannotWrite.
    """
    name = checked_name(name)
    if password is not None and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    kept = NO_PASSWORD if password is None else _hasher().hash(_normal(password))
    accounts = read(file) if file.exists() else {}
    was_there = name in accounts
    accounts[name] = Account(User(name, role), kept)
    text = "".join(f"{each.user.name}:{each.user.role}:{each.hash}\n" for each in accounts.values())
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as opened:  # noqa: PTH123
            opened.write(text)
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CannotWrite(f"{file}: {error.strerror}") from None
    return was_there


def _normal(password: str) -> str:
    """Return the one form of a password that keyboards write in two: ü, and u with dots."""
    return unicodedata.normalize("NFKC", password)


def _hasher() -> "PasswordHasher":
    try:
        from argon2 import PasswordHasher
    except ModuleNotFoundError:
        raise ExtraMissing("web", "a login by password") from None
    return PasswordHasher()  # argon2id, 64 MiB, 3 rounds: RFC 9106's second choice


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
