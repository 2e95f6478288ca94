"""Where the files that travel with the code lie: beside it in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _folder(name: str) -> Path:
    packed = _PACKAGE / f"_{name}"
    return packed if packed.is_dir() else _PACKAGE.parent / name


def db() -> Path:
    """Return the folder with the migrations and the views."""
    return _folder("db")


def config() -> Path:
    """Return the folder with the default settings, the linkage model and the packaged events."""
    return _folder("config")


def cassettes() -> Path:
    """Return the folder with the recorded answers that `harvester demo` replays."""
    return _folder("cassettes")
