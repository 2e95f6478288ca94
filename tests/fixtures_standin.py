"""Fixtures of the network: the stand-in of the YouTube Data API."""

from collections.abc import Iterator

import pytest

from tests.standin.server import StandIn


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Return a running stand-in with an empty world, on a port of its own."""
    with StandIn() as running:
        yield running
    assert not running.broken, "\n".join(running.broken)
