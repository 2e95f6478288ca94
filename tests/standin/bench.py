"""A world of one channel that has uploaded all videos of a list.

The list is a CSV file with the columns video_id, title, description,
published_at, duration_s and language; the last two may be empty, and further
columns are of no account.
"""

import csv
from pathlib import Path

from tests.standin.world import World

CHANNEL_ID = "UCbench00000000000000000"


def load(videos: Path) -> World:
    """Return that world.  Its uploads playlist shows all of them, not only YouTube's 20,000."""
    world = World()
    world.uploads_limit = None
    channel = world.channel(id=CHANNEL_ID, title=f"Bench {videos.parent.name}", handle="@bench")
    with videos.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            seconds = row.get("duration_s")
            channel.upload(
                row["video_id"],
                title=row["title"],
                description=row["description"],
                published_at=row["published_at"],
                duration=duration(int(seconds)) if seconds else None,
                language=row["language"] or None,
            )
    return world


def duration(seconds: int) -> str:
    """Return a duration as YouTube writes it: 86402 -> "P1DT2S", 900 -> "PT15M"."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    days = f"{day}D" if day else ""
    clock = "".join(f"{n}{unit}" for n, unit in ((hour, "H"), (minute, "M"), (second, "S")) if n)
    return f"P{days}T{clock}" if clock else f"P{days or '0D'}"
