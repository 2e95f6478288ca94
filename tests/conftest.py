"""Fixtures that every test file may use: the databases, and the stand-in of YouTube."""

pytest_plugins = ["tests.fixtures_store", "tests.fixtures_standin", "tests.browsing"]
