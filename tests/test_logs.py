"""Log lines: structured, and without secrets whatever a library puts into them."""

import json
import logging

import pytest
import structlog

from harvester import logs

# put together here, so that nothing in this file looks like a key to a scanner
GOOGLE_KEY = "AI" + "za" + "SyD-not-a-real-key-0123456789abcdef_"


@pytest.fixture(autouse=True)
def as_it_was() -> object:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logs._secrets.clear()
    structlog.reset_defaults()


def test_a_line_is_json_with_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(log_format="json", verbosity=1)

    structlog.get_logger("harvester.test").info("page read", page=3, channel="Ein Känal")

    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "page read"
    assert line["page"] == 3
    assert line["channel"] == "Ein Känal"
    assert line["level"] == "info"
    assert "timestamp" in line


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    "text",
    [
        "GET https://youtube.googleapis.com/youtube/v3/videos?id=1&key={key}&alt=json",
        "x-goog-api-key: {key}",
        "the key is {key}, they say",
    ],
)
def test_a_key_in_a_library_s_line_is_blanked(
    capsys: pytest.CaptureFixture[str], log_format: str, text: str
) -> None:
    logs.start(log_format=log_format, verbosity=2)

    logging.getLogger("googleapiclient.http").warning(text.format(key=GOOGLE_KEY))

    said = capsys.readouterr().err
    assert GOOGLE_KEY not in said
    assert "***" in said


def test_a_secret_that_was_named_is_blanked_in_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.start(log_format="text", verbosity=0)
    logs.forget(["ganz-geheim"])

    try:
        raise RuntimeError("refused: ganz-geheim")
    except RuntimeError:
        logging.getLogger("any.library").exception("it failed")

    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "ganz-geheim" not in said


def test_a_password_in_an_address_is_blanked() -> None:
    assert (
        logs.redact("cannot connect to postgresql://ana:geheim@db.example/zwk")
        == "cannot connect to postgresql://***@db.example/zwk"
    )


def test_without_v_only_trouble_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(log_format="text", verbosity=0)

    structlog.get_logger("harvester.test").info("all is well")

    assert capsys.readouterr().err == ""
