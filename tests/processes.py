"""The program as a process of its own, as cron starts it: for signals, locks and pipes."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.standin.server import StandIn

ROOT = Path(__file__).parent.parent


class Program:
    """Starts `python -m harvester` in a folder, with the environment that cron would give it."""

    def __init__(self, folder: Path, standin: StandIn, *, database: str, channel: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "YOUTUBE_API_KEY": standin.api_key,
            "HARVESTER_YOUTUBE__API_ENDPOINT": standin.address,
            "HARVESTER_CHANNELS": f'[{{id = "{channel}"}}]',
            "HARVESTER_DATABASE__URL": database,
        }

    def start(
        self, *arguments: str, environment: Mapping[str, str] | None = None, **options: Any
    ) -> "subprocess.Popen[str]":
        """Return the process, with pipes where `options` of Popen do not say otherwise."""
        return subprocess.Popen(
            [sys.executable, "-m", "harvester", *arguments],
            cwd=self.folder,
            env={**self.environment, **(environment or {})},
            encoding="utf-8",
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )

    def __call__(
        self, *arguments: str, environment: Mapping[str, str] | None = None, **options: Any
    ) -> "subprocess.CompletedProcess[str]":
        """Run it to its end."""
        with self.start(*arguments, environment=environment, **options) as process:
            stdout, stderr = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)
