"""The settings in force, each with the place it comes from.

Defaults (config/defaults.toml) ← the user's file (harvester.toml) ← environment
(HARVESTER_<SECTION>__<KEY>).  The only module that reads the environment.

The API key is not a setting: `api_key()` takes it from YOUTUBE_API_KEY or from
the file that `youtube.api_key_file` names, and nothing else ever shows it.
"""

import difflib
import ipaddress
import os
import pwd
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from harvester import resources
from harvester.errors import BadConfiguration

FILE_NAME = "harvester.toml"
PREFIX = "HARVESTER_"
KEY_VARIABLE = "YOUTUBE_API_KEY"
FILE_VARIABLE = f"{PREFIX}CONFIG"
"""Names the settings file, like the option --config; is no setting itself."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelSetting(_Section):
    """One channel, by exactly one of its names."""

    id: str | None = None
    handle: str | None = None
    url: str | None = None

    @model_validator(mode="after")
    def _one_name(self) -> "ChannelSetting":
        if sum(name is not None for name in (self.id, self.handle, self.url)) != 1:
            raise ValueError("give exactly one of id, handle or url")
        return self

    @property
    def reference(self) -> str:
        """The name as the user gave it."""
        return self.id or self.handle or self.url or ""


class YouTubeSettings(_Section):
    """How YouTube is asked."""

    api_key_file: str
    api_endpoint: str = Field(pattern=r"^https?://.+/$")
    daily_quota: int = Field(ge=0)
    daily_search_quota: int = Field(ge=0)
    timeout_s: float = Field(gt=0, le=45)
    attempts: int = Field(ge=1, le=20)
    workers: int = Field(ge=1, le=32)
    refresh_days: int = Field(ge=1, le=30)
    young_days: int = Field(ge=0, le=36_500)
    young_hours: float = Field(ge=0, le=8_760)


class DatabaseSettings(_Section):
    """Where the data lie."""

    url: str = Field(min_length=1)


class EventSettings(_Section):
    """Where event records come from."""

    sources: tuple[str, ...]


class LinkageSettings(_Section):
    """From when on a rule decides."""

    accept: float = Field(gt=0.5, le=1)
    decide: Literal["rule", "propose"]
    model: str


class StatusSettings(_Section):
    """When the data are stale."""

    max_age_hours: float = Field(gt=0, le=87_600)


class ReviewSettings(_Section):
    """Where the review pages are served, and who may use them."""

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65_535)
    allowed_hosts: tuple[str, ...]
    password_file: str
    proxy_user_header: str
    proxy_addresses: tuple[str, ...]
    language: Literal["auto", "de", "en"]
    title: str = Field(max_length=100)
    session_hours: float = Field(ge=0.25, le=720)

    @field_validator("proxy_user_header")
    @classmethod
    def _header(cls, name: str) -> str:
        if not re.fullmatch("[A-Za-z0-9-]*", name):
            raise ValueError("the name of a header is expected, such as Remote-User")
        return name

    @field_validator("proxy_addresses")
    @classmethod
    def _networks(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            try:
                ipaddress.ip_network(address)
            except ValueError:
                raise ValueError(
                    f"{address!r} is neither an address such as 10.0.0.7"
                    " nor a network such as 10.0.0.0/24"
                ) from None
        return addresses


class Settings(_Section):
    """All settings; the fields are those of config/defaults.toml."""

    channels: tuple[ChannelSetting, ...]
    youtube: YouTubeSettings
    database: DatabaseSettings
    events: EventSettings
    linkage: LinkageSettings
    status: StatusSettings
    review: ReviewSettings


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, and for each key ("youtube.workers") the place that its value comes from."""

    settings: Settings
    origins: Mapping[str, str]
    file: Path | None


def load(
    file: Path | None = None,
    *,
    overrides: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Loaded:
    """Return the settings in force.

    `file` must exist if given; without it harvester.toml of the current
    directory is taken if there is one.  `overrides` are options of the command
    line ("database.url" -> value).  Raises BadConfiguration naming the place.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}

    _merge(values, origins, _read(resources.config() / "defaults.toml"), "default")
    if file is None and Path(FILE_NAME).is_file():
        file = Path(FILE_NAME)
    if file is not None:
        given = _read(file)
        _resolve_paths(given, file.absolute().parent)
        _merge(values, origins, given, str(file))
    for variable, key, text in _from_environment(environment):
        _merge(values, origins, _nested(key, _toml_value(text, variable)), variable)
    for key, value in (overrides or {}).items():
        _merge(values, origins, _nested(key, value), "command line")

    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise BadConfiguration(_explain(error, origins)) from None
    return Loaded(settings=settings, origins=origins, file=file)


def api_key(settings: Settings, *, environment: Mapping[str, str] | None = None) -> SecretStr:
    """Return the API key.  Raises BadConfiguration, with the remedy, if there is none."""
    environment = os.environ if environment is None else environment
    if key := environment.get(KEY_VARIABLE, "").strip():
        return SecretStr(key)
    if settings.youtube.api_key_file:
        path = Path(settings.youtube.api_key_file)
        try:
            key = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadConfiguration(
                f"youtube.api_key_file: cannot read {path}: {_reason(error)}"
            ) from None
        if key and len(key.split()) == 1:
            return SecretStr(key)
        raise BadConfiguration(f"youtube.api_key_file: {path} must hold the key and nothing else")
    raise BadConfiguration(
        f"no API key: set {KEY_VARIABLE} in the environment, or youtube.api_key_file in"
        f" {FILE_NAME} to a file that holds the key"
    )


def channel_references(settings: Settings) -> list[str]:
    """Return the channels as the user named them.  Raises BadConfiguration if there are none."""
    if not settings.channels:
        raise BadConfiguration(
            f'no channel: set `channels = [{{handle = "@…"}}]` in {FILE_NAME}'
            " (harvester config init writes one)"
        )
    return [channel.reference for channel in settings.channels]


def system_user() -> str:
    """Return the name of who runs the program: the editor where nobody signs in."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # in a container a user may have a number and no name
        return f"user {os.getuid()}"


def secrets(settings: Settings | None = None) -> list[str]:
    """Return every text that must never be shown: the key, the password of the database."""
    found = [os.environ.get(KEY_VARIABLE, "").strip()]
    if settings is not None:
        with suppress(BadConfiguration):
            found.append(api_key(settings).get_secret_value())
        found += _passwords(settings.database.url)
    return [text for text in found if len(text) >= 4]


def shown(key: str, value: Any) -> str:
    """Return a setting's value for a reader: the password of a database address is left out."""
    if key == "database.url":
        for password in _passwords(str(value)):
            value = re.sub(rf"([:=]){re.escape(password)}(?=[@&]|$)", r"\1***", str(value))
    if key == "channels":
        return ", ".join(channel.reference for channel in value) or "(none)"
    if isinstance(value, tuple):
        return ", ".join(value) or "(none)"
    return "(none)" if value == "" else str(value)


# --- the parts ----------------------------------------------------------------


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadConfiguration(f"{file}: there is no such settings file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{file}: cannot be read: {_reason(error)}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration(f"{file}: not TOML: {error}") from None


def _merge(
    values: dict[str, Any], origins: dict[str, str], given: Mapping[str, Any], origin: str
) -> None:
    for section, content in given.items():
        if isinstance(content, Mapping):
            current = values.setdefault(section, {})
            if not isinstance(current, dict):
                raise BadConfiguration(f"{section} ({origin}): a list is expected, not a section")
            for key, value in content.items():
                current[key] = value
                origins[f"{section}.{key}"] = origin
        else:
            values[section] = content
            origins[section] = origin


def _nested(key: str, value: Any) -> dict[str, Any]:
    section, _, name = key.partition(".")
    return {section: {name: value}} if name else {section: value}


def _from_environment(environment: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return (variable, "section.key", text) for what is ours in the environment."""
    return [
        (variable, variable.removeprefix(PREFIX).lower().replace("__", ".", 1), text)
        for variable, text in sorted(environment.items())
        if variable.startswith(PREFIX)
        and variable != FILE_VARIABLE
        and not variable.startswith(f"{PREFIX}TEST_")
    ]


def _toml_value(text: str, variable: str) -> Any:
    """Return numbers, lists and tables as TOML has them, and everything else as the text it is."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        if text.lstrip().startswith(("[", "{")):
            raise BadConfiguration(f"{variable}: not a TOML list: {text}") from None
        return text


def _resolve_paths(given: dict[str, Any], folder: Path) -> None:
    """Make relative paths of a settings file relative to that file."""
    youtube, events, linkage, review = (
        given.get(s) for s in ("youtube", "events", "linkage", "review")
    )
    if isinstance(review, dict) and isinstance(review.get("password_file"), str):
        review["password_file"] = _beside(folder, review["password_file"])
    if isinstance(youtube, dict) and isinstance(youtube.get("api_key_file"), str):
        youtube["api_key_file"] = _beside(folder, youtube["api_key_file"])
    if isinstance(linkage, dict) and isinstance(linkage.get("model"), str):
        linkage["model"] = _beside(folder, linkage["model"])
    if isinstance(events, dict) and isinstance(events.get("sources"), list):
        events["sources"] = [
            source
            if not isinstance(source, str) or _is_no_path(source, folder)
            else _beside(folder, source)
            for source in events["sources"]
        ]
    database = given.get("database")
    if isinstance(database, dict) and isinstance(url := database.get("url"), str):
        marker = "sqlite:///"
        if url.startswith(marker) and (path := url.removeprefix(marker)):
            database["url"] = marker + _beside(folder, path)


def _is_no_path(source: str, folder: Path) -> bool:
    """Tell addresses, and the names of packaged lists, from files."""
    return "://" in source or ("." not in source and not (folder / source).exists())


def _beside(folder: Path, path: str) -> str:
    return str(folder / Path(path).expanduser()) if path else ""


def _passwords(url: str) -> list[str]:
    """Return the passwords in a database's address, as they are written there and as they are."""
    address, _, query = url.partition("?")
    authority = address.partition("://")[2].rpartition("@")[0].rpartition("/")[2]
    found = [authority.partition(":")[2]]
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name in ("password", "sslpassword"):
            found.append(value)
    return [text for each in found if each for text in dict.fromkeys((each, unquote(each)))]


_EXPECTED = {
    "int_type": "a whole number is expected",
    "int_parsing": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "float_type": "a number is expected",
    "float_parsing": "a number is expected",
    "string_type": "a text is expected",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "an address is expected that begins with http and ends with /",
    "tuple_type": "a list in [ ] is expected",
}
"""What to say of a wrong value, by pydantic's type of error; elsewhere its own words are good."""


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in problem["loc"])
        origin = _origin(key, origins)
        message = _EXPECTED.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        if problem["type"] == "extra_forbidden":
            message = f"there is no such setting; {_remedy(key, origin)}"
        elif problem["type"] == "model_type" and key in Settings.model_fields:
            message = f"a section is expected, [{key}]"
        elif problem["type"] == "model_type":
            message = 'a channel is expected, such as {handle = "@…"}'
        lines.append(f"{key} ({origin}): {message.replace('Input should be', 'must be')}")
    return "\n".join(lines)


def _origin(key: str, origins: Mapping[str, str]) -> str:
    """Return where a setting comes from, or the section that it is in, or what is in it."""
    section = key.partition(".")[0]
    inside = (origins[name] for name in origins if name.startswith(f"{section}."))
    return origins.get(key) or origins.get(section) or next(inside, "settings")


def _remedy(key: str, origin: str) -> str:
    """Return what to write instead of a setting that there is not."""
    if key == "youtube.api_key":
        return f"give the key in {KEY_VARIABLE}, or name its file in youtube.api_key_file"
    place, _, name = key.rpartition(".")
    if place.startswith("channels."):
        return f"a channel has {', '.join(ChannelSetting.model_fields)}"
    settings = [
        f"{section}.{key}"
        for section, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, _Section)
        for key in field.annotation.model_fields
    ]
    known = settings if place else [*Settings.model_fields, *settings]
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
    # a good name in a wrong section, or in none
    close = close or [each for each in settings if each.rpartition(".")[2] == name]
    if not close:
        return "`harvester config init FILE` writes a file with all that there are"
    variable = PREFIX + close[0].upper().replace(".", "__")
    return f"is {variable if origin.startswith(PREFIX) else close[0]} meant?"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
