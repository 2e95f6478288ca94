"""The tree of our errors, each with the exit code that cron can tell it by.

    HarvesterError
    ├─ WrongUse                 64  the command line asks for what cannot be
    ├─ BadInput                 65  a file of event records, or an answer to us, is not in order
    ├─ Unavailable              69  YouTube or the database does not answer
    │   ├─ ApiUnavailable
    │   │   └─ ApiFormatError       it answers in a form that we do not know
    │   └─ DatabaseUnavailable
    ├─ CannotWrite              73  an output file
    ├─ TryLater                 75  nothing is broken; the next run goes on from here
    │   ├─ QuotaExhausted
    │   ├─ RunInProgress
    │   └─ Interrupted
    ├─ KeyRefused               77  YouTube does not take our key
    └─ BadConfiguration         78  settings, channel or database are not as they must be
        ├─ ChannelNotFound
        └─ ExtraMissing

The codes are those of sysexits.h.  The text of an error is for the person at the
terminal: it names the place and the remedy.  A bug is none of these: it shows
its traceback and ends with 70.
"""

import datetime as dt


class HarvesterError(Exception):
    """The base of all errors that we raise on purpose."""

    exit_code = 70


class WrongUse(HarvesterError):
    """The command line asks for something that cannot be."""

    exit_code = 64


class BadInput(HarvesterError):
    """Something in a file is not in order; nothing of that file was taken.

    `problems` holds one line each, "events.csv, line 3, start_date: …".
    """

    exit_code = 65

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Unavailable(HarvesterError):
    """YouTube or the database does not answer."""

    exit_code = 69


class ApiUnavailable(Unavailable):
    """YouTube did not answer, or with an error that is not ours to mend, on every try."""


class ApiFormatError(ApiUnavailable):
    """YouTube answered in a form that we do not know."""


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached or read."""


class CannotWrite(HarvesterError):
    """An output file cannot be written."""

    exit_code = 73


class TryLater(HarvesterError):
    """Nothing is broken; what was fetched is kept and the next run goes on from there."""

    exit_code = 75


class QuotaExhausted(TryLater):
    """The units left of today's quota do not cover the next call, or YouTube said so."""

    def __init__(self, *, bucket: str, resets_at: dt.datetime | None, said_by: str) -> None:
        when = f"{resets_at:%Y-%m-%d %H:%M} UTC" if resets_at else "midnight Pacific time"
        super().__init__(
            f"today's quota of the bucket '{bucket}' is used up ({said_by});"
            f" it resets at {when}, and the next run goes on from there"
        )
        self.bucket, self.resets_at, self.said_by = bucket, resets_at, said_by


class RunInProgress(TryLater):
    """Another run holds the lock."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"another run is at work: {holder}; this one leaves without doing anything"
        )
        self.holder = holder


class Interrupted(TryLater):
    """Somebody asked the run to stop."""


class KeyRefused(HarvesterError):
    """YouTube does not take our key: wrong, restricted, or the API is not enabled for it."""

    exit_code = 77


class BadConfiguration(HarvesterError):
    """Settings, channel or database are not as they must be."""

    exit_code = 78


class ChannelNotFound(BadConfiguration):
    """YouTube knows no channel by that name."""


class ExtraMissing(BadConfiguration):
    """An optional dependency is needed and not installed."""

    def __init__(self, extra: str, wanted_for: str) -> None:
        super().__init__(f"{wanted_for} needs an extra: pip install 'zwk-harvester[{extra}]'")
        self.extra = extra
