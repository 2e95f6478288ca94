"""What all commands share: the clock, the settings, the database, and how errors end."""

import dataclasses
import datetime as dt
import errno
import os
import platform
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvester import __version__, logs, resources
from harvester.errors import BadConfiguration, CannotWrite, HarvesterError, Interrupted, WrongUse

if TYPE_CHECKING:  # slow to import, and --help does without
    from harvester.linkage import Model
    from harvester.settings import Loaded, Settings
    from harvester.store.database import Database
    from harvester.youtube.client import YouTube

# sysexits.h for wrong use, like all our codes; click's own is 2
click.UsageError.exit_code = WrongUse.exit_code


def clock() -> dt.datetime:
    """Return the present time: the only place that asks for it."""
    return dt.datetime.now(dt.UTC)


class Program:
    """What the global options say; settings and database are opened when a command needs them."""

    def __init__(self, *, file: Path | None, database: str | None) -> None:
        self._file = file
        self._overrides = {} if database is None else {"database.url": database}
        self._loaded: Loaded | None = None

    @property
    def loaded(self) -> "Loaded":
        """The settings with their origins."""
        from harvester import settings as settings_module

        if self._loaded is None:
            self._loaded = settings_module.load(self._file, overrides=self._overrides)
            logs.forget(settings_module.secrets(self._loaded.settings))
        return self._loaded

    @property
    def settings(self) -> "Settings":
        """The settings in force."""
        return self.loaded.settings

    @contextmanager
    def database(self, url: str | None = None) -> Iterator["Database"]:
        """Open the database for one command."""
        from harvester.store.database import Database

        database = Database(url or self.settings.database.url)
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def known_database(self, *, create: bool = False) -> Iterator["Database"]:
        """Open the database and see that it is of this version, and there unless to `create` it."""
        with self.database() as database:
            if not create and not database.exists():
                raise BadConfiguration(
                    f"there is no database at {database.safe_url} yet: `harvester run` makes it"
                )
            database.ensure()
            yield database

    def youtube(self, spend: Callable[[str, int], None]) -> "YouTube":
        """Return a client that counts its tries with `spend`."""
        from harvester import settings as settings_module
        from harvester.youtube.client import YouTube

        youtube = self.settings.youtube
        return YouTube(
            api_key=settings_module.api_key(self.settings).get_secret_value(),
            endpoint=youtube.api_endpoint,
            timeout_s=youtube.timeout_s,
            attempts=youtube.attempts,
            spend=spend,
        )

    def model(self, settings: "Settings | None" = None) -> "Model":
        """Return the linkage model, with the threshold of the settings."""
        from harvester.linkage.model import load as load_model

        path, accept = self.model_file(settings), (settings or self.settings).linkage.accept
        return dataclasses.replace(load_model(self.model_text(path)), accept=accept)

    def model_file(self, settings: "Settings | None" = None) -> Path:
        """Return the file that the linkage model is in: the user's own, or the packaged one."""
        own = (settings or self.settings).linkage.model
        return Path(own) if own else resources.config() / "linkage.toml"

    def model_text(self, path: Path) -> str:
        """Return what the file of a linkage model holds."""
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise BadConfiguration(f"linkage.model: cannot read {path}: {reason}") from None


class Group(click.Group):
    """A group that turns our errors into one line on stderr and their exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except HarvesterError as error:
            logs.trouble(str(error))
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            logs.trouble("interrupted; what came in is kept")
            ctx.exit(Interrupted.exit_code)
        except BrokenPipeError:
            # the reader went away (`harvester unmatched | head`): nothing to say, and to nobody
            _close_stdout()
            ctx.exit(0)
        except Exception as error:  # noqa: BLE001 - the door: a bug is shown whole, without secrets
            if isinstance(error, OSError) and error.errno in _FULL:
                _close_stdout()
                logs.trouble(f"cannot write the output: {error.strerror}")
                ctx.exit(CannotWrite.exit_code)
            logs.trouble(
                f"{traceback.format_exc()}\nThis is a bug in the harvester {__version__}; please"
                " report these lines (no secret is in them)."
            )
            ctx.exit(HarvesterError.exit_code)


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _close_stdout() -> None:
    """Throw away what is still to be written: Python would try again at its end, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def holder() -> str:
    """Return who runs, for the lock and the table of runs."""
    return f"process {os.getpid()} on {platform.node() or 'this machine'}"
