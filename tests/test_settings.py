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
        ("channels = '@a'\n", r"channels \(.*\): a list in \[ \] is expected"),
        ("channels = ['@a']\n", r"channels\.0 \(.*\): a channel is expected, such as \{handle"),
        ("youtube = 3\n", r"youtube \(.*\): a section is expected, \[youtube\]"),
        ("[youtube]\nworkers = 'many'\n", "a whole number is expected"),
        ("[youtube]\ntimeout_s = 100\n", r"timeout_s \(.*\): must be less than or equal to 45"),
        ("[youtube]\napi_endpoint = 'there'\n", "an address is expected"),
        ("[database]\nurl = ''\n", "must not be empty"),
        ("[status]\nmax_age_hours = inf\n", "must be less than"),  # no span of time is so long
        ("[status]\nmax_age_hours = nan\n", "must be"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path, text)

    with pytest.raises(BadConfiguration, match=said):
        settings.load(file, environment={})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chanels = []\n", "is channels meant"),
        ("[youtub]\nworkers = 3\n", r"youtub \(.*harvester\.toml\): .*; is youtube meant"),
        ("[youtube]\nworker = 3\n", r"is youtube\.workers meant"),
        ("workers = 3\n", r"is youtube\.workers meant"),  # its section is missing
        ("[database]\nworkers = 3\n", r"is youtube\.workers meant"),
        ("[[channels]]\nhandel = '@a'\n", "a channel has id, handle, url"),
        ("[youtube]\napi_key = 'x'\n", "YOUTUBE_API_KEY, or name its file"),
        ("[youtube]\nqqq = 'x'\n", "harvester config init FILE"),
    ],
)
def test_a_misspelt_setting_is_told_what_may_be_meant(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadConfiguration, match=said):
        settings.load(write(tmp_path, text), environment={})


@pytest.mark.parametrize(
    "variable", ["HARVESTER_YOUTUBE__WORKER", "HARVESTER_YOUTUBE_WORKERS", "HARVESTER_WORKERS"]
)
def test_a_misspelt_variable_is_told_which_may_be_meant(variable: str) -> None:
    with pytest.raises(BadConfiguration, match="is HARVESTER_YOUTUBE__WORKERS meant"):
        settings.load(environment={variable: "3"})


def test_the_variable_that_names_the_settings_file_is_no_setting(tmp_path: Path) -> None:
    file = write(tmp_path, "[youtube]\nworkers = 3\n")

    loaded = settings.load(file, environment={"HARVESTER_CONFIG": str(file)})

    assert loaded.settings.youtube.workers == 3


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


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://ana:geheim@host/db", "postgresql+psycopg://ana:***@host/db"),
        ("postgresql://ana:ge%40heim@host/db", "postgresql://ana:***@host/db"),
        ("postgresql://ana:ge@heim@host/db", "postgresql://ana:***@host/db"),
        (
            "postgresql://host/db?user=ana&password=geheim",
            "postgresql://host/db?user=ana&password=***",
        ),
        (
            "postgresql://host/db?sslpassword=geheim&user=ana",
            "postgresql://host/db?sslpassword=***&user=ana",
        ),
        ("sqlite:///harvester.db", "sqlite:///harvester.db"),
        ("postgresql://postgres:@/db?host=/run", "postgresql://postgres:@/db?host=/run"),
    ],
)
def test_a_password_of_the_database_is_not_shown(url: str, shown: str) -> None:
    assert settings.shown("database.url", url) == shown


def test_a_password_of_the_database_is_a_secret_also_as_the_driver_would_say_it() -> None:
    loaded = settings.load(
        environment={"HARVESTER_DATABASE__URL": "postgresql://ana:ge%40heim@host/db"}
    )

    assert {"ge%40heim", "ge@heim"} <= set(settings.secrets(loaded.settings))


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
