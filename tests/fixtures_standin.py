"""Fixtures of the network: the stand-in of the YouTube Data API."""
