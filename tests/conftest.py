"""Fixtures that every test file may use: the databases, and the stand-in of YouTube."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from harvester import logs

pytest_plugins = ["tests.fixtures_store", "tests.fixtures_standin", "tests.browsing"]


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Whoever calls a command starts the log of the whole process: end it with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    logs._secrets.clear()
    structlog.reset_defaults()
