"""Log lines and errors on stderr, as text or JSON, without secrets.

Every line of the program and of its libraries passes here once, warnings of Python
included, and every secret that `forget` was told is blanked in it, as is anything
that looks like a Google key or stands behind `key=`.  Knows nothing of what is logged.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import TextIO

_LOOKS_SECRET = re.compile(
    r"""AIza[0-9A-Za-z_\-]{20,}            # an API key of Google
      | (?<=[?&]key=)[^&\s"']+             # a key in an address
      | (?<=password=)[^&\s"']+            # of a database, in its address
      | (?<=goog-api-key:\ )\S+            # … or in a header
      | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)    # user and password in an address
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BLANK = "***"

_secrets: set[str] = set()
_is_json = False


def forget(secrets: Iterable[str]) -> None:
    """Blank these texts wherever they would be shown from now on."""
    for text in filter(None, secrets):
        _secrets.update((text, json.dumps(text, ensure_ascii=False)[1:-1]))  # as JSON has it


def redact(text: str) -> str:
    """Return `text` with every known or likely secret blanked."""
    for secret in _secrets:
        text = text.replace(secret, _BLANK)
    return _LOOKS_SECRET.sub(_BLANK, text)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at the moment, so that a progress bar steps aside for a line.

    Blanks what must not be in a line, tracebacks included.
    """

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start(*, log_format: str, verbosity: int) -> None:
    """Send log lines to stderr: warnings, with -v what is done, with -vv every detail.

    `log_format` is "text" or "json".
    """
    import structlog  # slow, and --help does without

    global _is_json
    _is_json = log_format == "json"
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
    handler = _Handler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
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
    logging.captureWarnings(True)


def trouble(text: str) -> None:
    """Say on stderr what went wrong: a plain line, or a log line if these are JSON."""
    if _is_json:
        logging.getLogger("harvester").error(text)
    elif sys.stderr is not None:  # closed: there is nobody to tell
        sys.stderr.write(f"harvester: {redact(text)}\n")
