"""The settings: where each value comes from, and what is said of a wrong one."""

import itertools
from pathlib import Path

import pytest

from harvester import resources, settings
from harvester.errors import BadConfiguration


def write(folder: Path, text: str) -> Path:
    file = folder / "harvester.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_environment_outranks_the_file_and_the_file_the_defaults(tmp_path: Path) -> None:
    file = write(tmp_path, "[youtube]\nworkers = 3\nattempts = 2\n")

    loaded = settings.load(file, environment={"HARVESTER_YOUTUBE__WORKERS": "5"})

    assert loaded.settings.youtube.workers == 5
    assert loaded.origins["youtube.workers"] == "HARVESTER_YOUTUBE__WORKERS"
    assert loaded.settings.youtube.attempts == 2
    assert loaded.origins["youtube.attempts"] == str(file)
    assert loaded.origins["youtube.timeout_s"] == "default"


def test_relative_paths_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        '[events]\nsources = ["events.csv", "zwk", "https://example.org/t.ics"]\n'
        '[database]\nurl = "sqlite:///data/h.db"\n[youtube]\napi_key_file = "key"\n',
    )

    loaded = settings.load(file, environment={}).settings

    assert loaded.events.sources == (
        str(tmp_path / "events.csv"),
        "zwk",
        "https://example.org/t.ics",
    )
    assert loaded.database.url == f"sqlite:///{tmp_path}/data/h.db"
    assert loaded.youtube.api_key_file == str(tmp_path / "key")


def test_an_absolute_database_path_stays_as_it_is(tmp_path: Path) -> None:
    file = write(tmp_path, '[database]\nurl = "sqlite:////srv/h.db"\n')

    assert settings.load(file, environment={}).settings.database.url == "sqlite:////srv/h.db"


def test_channels_can_be_given_in_the_environment() -> None:
    loaded = settings.load(
        environment={"HARVESTER_CHANNELS": '[{handle = "@a"}, {url = "https://youtube.com/@b"}]'}
    )

    assert [channel.reference for channel in loaded.settings.channels] == [
        "@a",
        "https://youtube.com/@b",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[youtube]\nworkers = 0\n", r"youtube\.workers \(.*harvester\.toml\): .*greater"),
        ("[youtube]\napi_key = 'x'\n", r"youtube\.api_key \(.*\): there is no such setting"),
        ("[[channels]]\nid = 'UC1'\nhandle = '@x'\n", "exactly one of id, handle or url"),
        ("[youtube\n", "not TOML"),
        ("youtube = 3\n", "youtube"),
        ("[channels]\nid = 'UC1'\n", "a list is expected"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path, text)

    with pytest.raises(BadConfiguration, match=said):
        settings.load(file, environment={})


def test_a_settings_file_that_is_asked_for_must_exist(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="no such settings file"):
        settings.load(tmp_path / "other.toml", environment={})


def test_the_key_comes_from_the_environment_or_a_file_and_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-the-file\n", encoding="utf-8")
    loaded = settings.load(
        write(tmp_path, '[youtube]\napi_key_file = "key"\n'), environment={}
    ).settings

    from_file = settings.api_key(loaded, environment={})
    from_environment = settings.api_key(loaded, environment={"YOUTUBE_API_KEY": "from-outside"})

    assert from_file.get_secret_value() == "from-the-file"
    assert from_environment.get_secret_value() == "from-outside"
    assert "from" not in f"{from_file!r} {from_file}"


def test_a_missing_key_says_how_to_give_one() -> None:
    loaded = settings.load(environment={}).settings

    with pytest.raises(BadConfiguration, match="YOUTUBE_API_KEY"):
        settings.api_key(loaded, environment={})


def test_a_key_file_with_more_than_a_key_is_refused_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("KEY = secret-text\n", encoding="utf-8")
    loaded = settings.load(
        write(tmp_path, '[youtube]\napi_key_file = "key"\n'), environment={}
    ).settings

    with pytest.raises(BadConfiguration, match="the key and nothing else") as raised:
        settings.api_key(loaded, environment={})
    assert "secret-text" not in str(raised.value)


def test_the_database_password_is_not_shown() -> None:
    url = "postgresql+psycopg://ana:geheim@host/db"

    assert settings.shown("database.url", url) == "postgresql+psycopg://ana:***@host/db"


def test_every_default_is_explained_in_the_file() -> None:
    lines = (resources.config() / "defaults.toml").read_text(encoding="utf-8").splitlines()

    bare = [
        line
        for before, line in itertools.pairwise(lines)
        if " = " in line
        and not line.startswith("#")
        and not (before.startswith("#") or " = " in before)
    ]

    assert bare == []
