"""Log lines: structured, and without secrets whatever a library puts into them."""

import json
import logging
import warnings

import pytest
import structlog

from harvester import logs

# put together here, so that nothing in this file looks like a key to a scanner
GOOGLE_KEY = "AI" + "za" + "SyD-not-a-real-key-0123456789abcdef_"


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ana:geheim@db.example/zwk", "postgresql://***@db.example/zwk"),
        ("postgresql://db/zwk?password=geheim&user=a", "postgresql://db/zwk?password=***&user=a"),
    ],
)
def test_a_password_in_an_address_is_blanked(text: str, shown: str) -> None:
    assert logs.redact(f"cannot connect to {text}") == f"cannot connect to {shown}"


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_secret_with_quotes_is_blanked_in_either_form(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    logs.start(log_format=log_format, verbosity=0)
    logs.forget(['ge"hei\\m'])

    logging.getLogger("any.library").error('the password is ge"hei\\m')

    said = capsys.readouterr().err
    assert "hei" not in said
    assert "***" in said


def test_a_warning_of_python_is_a_log_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(log_format="json", verbosity=0)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("this will change", UserWarning, stacklevel=1)

    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["logger"]) == ("warning", "py.warnings")
    assert "this will change" in line["event"]


def test_trouble_is_a_line_for_people_or_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.forget(["ganz-geheim"])
    logs.start(log_format="text", verbosity=0)
    logs.trouble("a.csv, line 1: wrong\na.csv, line 2: ganz-geheim")
    for_people = capsys.readouterr().err
    logs.start(log_format="json", verbosity=0)
    logs.trouble("a.csv, line 1: wrong\na.csv, line 2: ganz-geheim")
    for_machines = capsys.readouterr().err

    assert for_people == "harvester: a.csv, line 1: wrong\na.csv, line 2: ***\n"
    assert json.loads(for_machines)["event"] == "a.csv, line 1: wrong\na.csv, line 2: ***"
    assert for_machines.count("\n") == 1


def test_without_v_only_trouble_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(log_format="text", verbosity=0)

    structlog.get_logger("harvester.test").info("all is well")

    assert capsys.readouterr().err == ""
