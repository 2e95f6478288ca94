"""Log lines on stderr, as text or JSON, without secrets.

Every line of the program and of its libraries passes here once, and every
secret that `forget` was told is blanked in it, as is anything that looks like a
Google key or stands behind `key=`.  Knows nothing of what is logged.
"""

import logging
import re
import sys
from collections.abc import Iterable

import structlog

_LOOKS_SECRET = re.compile(
    r"""AIza[0-9A-Za-z_\-]{20,}            # an API key of Google
      | (?<=[?&]key=)[^&\s"']+             # a key in an address
      | (?<=goog-api-key:\ )\S+            # … or in a header
      | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)    # user and password in an address
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BLANK = "***"

_secrets: set[str] = set()


def forget(secrets: Iterable[str]) -> None:
    """Blank these texts wherever they would be shown from now on."""
    _secrets.update(text for text in secrets if text)


def redact(text: str) -> str:
    """Return `text` with every known or likely secret blanked."""
    for secret in _secrets:
        text = text.replace(secret, _BLANK)
    return _LOOKS_SECRET.sub(_BLANK, text)


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Formats a line, then blanks what must not be in it, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start(*, log_format: str, verbosity: int) -> None:
    """Send log lines to stderr: warnings, with -v what is done, with -vv every detail.

    `log_format` is "text" or "json".
    """
    timestamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        timestamp,
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel((logging.WARNING, logging.INFO, logging.DEBUG)[min(verbosity, 2)])
    # their every request is a line; ours say the same with a meaning
    libraries = logging.NOTSET if verbosity > 1 else logging.ERROR
    for name in ("googleapiclient", "stamina", "alembic", "vcr"):
        logging.getLogger(name).setLevel(libraries)
