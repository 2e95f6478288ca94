import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from harvester.errors import ApiUnavailable, HarvesterError, KeyRefused, QuotaExhausted
from harvester.youtube.errors import (
    InvalidPageToken,
    NoSuchChannel,
    PlaylistNotFound,
    Transient,
    classify,
    readable,
)

SHARED = Path(__file__).parents[2] / "shared" / "youtube" / "responses" / "errors"


def body(message: str = "", reason: str = "", *, detail: str = "", **more: Any) -> bytes:
    error: dict[str, Any] = {"message": message, "errors": [{"reason": reason}], **more}
    if detail:
        help_ = {"@type": "type.googleapis.com/google.rpc.Help", "links": []}
        error["details"] = [help_, {"reason": detail}]
    return json.dumps({"error": error}).encode()


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        # too much for today, in four forms
        (403, body("exceeded your <a href='x'>quota</a>", "quotaExceeded"), QuotaExhausted),
        (403, body("Daily Limit Exceeded.", "dailyLimitExceeded"), QuotaExhausted),
        (429, body("limit 'Search Queries per day'", "rateLimitExceeded"), QuotaExhausted),
        (429, body("Quota exceeded … 'Queries per day'"), QuotaExhausted),
        (403, body("Quota exceeded … 'Queries per day'"), QuotaExhausted),
        # too much at once
        (429, body("Quota exceeded … 'Queries per minute'", "rateLimitExceeded"), Transient),
        (403, body("limit 'Queries per minute per user'", "rateLimitExceeded"), Transient),
        (403, body("User Rate Limit Exceeded", "userRateLimitExceeded"), Transient),
        (403, body("limit 'Queries per minute'", "quotaExceeded"), Transient),
        (429, b"", Transient),
        # the server's own trouble
        (500, body("Internal error", "internalError"), Transient),
        (500, b"", Transient),
        (502, b"<!DOCTYPE html><title>502</title><h1>Bad Gateway</h1>", Transient),
        (503, body("Backend error", "backendError"), Transient),
        (503, body("quota service", "quotaExceeded"), Transient),
        (408, b"", Transient),
        # the key
        (400, body("API key not valid.", "badRequest", detail="API_KEY_INVALID"), KeyRefused),
        (400, body("Bad Request", "keyInvalid"), KeyRefused),
        (403, body("not been used", "accessNotConfigured"), KeyRefused),
        (403, body("not been used", "forbidden", detail="SERVICE_DISABLED"), KeyRefused),
        (403, body("blocked", "forbidden", detail="API_KEY_SERVICE_BLOCKED"), KeyRefused),
        (403, body("blocked", "forbidden", detail="API_KEY_HTTP_REFERRER_BLOCKED"), KeyRefused),
        (403, body("blocked", "forbidden", detail="API_KEY_IP_ADDRESS_BLOCKED"), KeyRefused),
        (403, body("blocked", "forbidden", detail="API_KEY_ANDROID_APP_BLOCKED"), KeyRefused),
        (403, body("The request is missing a valid API key.", "forbidden"), KeyRefused),
        (403, body("Method doesn't allow unregistered callers", "forbidden"), KeyRefused),
        # what was asked for
        (404, body("cannot be found", "playlistNotFound"), PlaylistNotFound),
        (403, body("cannot be accessed", "playlistItemsNotAccessible"), PlaylistNotFound),
        (404, body("Channel not found.", "channelNotFound"), NoSuchChannel),
        (403, body("closed", "channelClosed"), NoSuchChannel),
        (400, body("bad token", "invalidPageToken"), InvalidPageToken),
        # all else
        (403, body("Permission denied.", "SERVICE_UNAVAILABLE"), ApiUnavailable),
        (403, body("Forbidden", "forbidden"), ApiUnavailable),
        (400, body("Invalid value", "invalidParameter"), ApiUnavailable),
        (401, body("Login Required.", "required"), ApiUnavailable),
        (304, b"", ApiUnavailable),
    ],
)
def test_an_error_answer_is_told_by_message_then_reason_then_status(
    status: int, content: bytes, kind: type[Exception]
) -> None:
    assert type(classify(status, content)) is kind


@pytest.mark.parametrize(
    ("detail", "remedy"),
    [
        ("API_KEY_INVALID", "copy it anew"),
        ("SERVICE_DISABLED", "enable it in the Cloud console"),
        ("API_KEY_SERVICE_BLOCKED", "allow the YouTube Data API v3"),
        ("API_KEY_HTTP_REFERRER_BLOCKED", "application restriction"),
        ("API_KEY_IP_ADDRESS_BLOCKED", "add this machine's"),
    ],
)
def test_a_refused_key_comes_with_the_remedy(detail: str, remedy: str) -> None:
    error = classify(403, body("no", "forbidden", detail=detail))

    assert isinstance(error, KeyRefused)
    assert remedy in str(error)
    assert error.exit_code == 77


def test_a_spent_quota_says_when_it_comes_back() -> None:
    answered = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
    content = body("exceeded your quota", "quotaExceeded")

    error = classify(403, content, bucket="search", at=answered)

    assert isinstance(error, QuotaExhausted)
    assert error.bucket == "search"
    assert error.resets_at == dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
    assert "2026-11-23 08:00 UTC" in str(error)
    assert "midnight Pacific time" in str(classify(403, content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"error": null}',
        b'{"error": "invalid_grant"}',
        b'{"error": {}}',
        b'{"error": {"message": 5, "errors": "x", "details": "text"}}',
        b'{"error": {"errors": [null, {"reason": 7}], "details": [[]]}}',
        b'{"error": {"code": 4',
        b"<html><body><h1>Blocked</h1></body></html>",
        b"[" * 100_000,
    ],
)
def test_any_body_is_borne(content: bytes) -> None:
    assert type(classify(400, content)) is ApiUnavailable
    assert type(classify(500, content)) is Transient


def test_an_answer_of_somebody_else_points_to_the_endpoint() -> None:
    error = classify(403, b"<html><body><h1>Blocked</h1> by the proxy</body></html>")

    assert "Blocked by the proxy" in str(error)
    assert "api_endpoint" in str(error)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('your <a href="/q">quota</a>.', "your quota."),
        ("the <code>playlistId</code> parameter", "the playlistId parameter"),
        ("from referer <empty> are blocked", "from referer <empty> are blocked"),  # no tag
        ("<html><head><title>Error 502</title><style>b{}</style></head>long", "Error 502"),
        ("<style>b{}</style><p>Sorry&nbsp;&amp; so on<!-- x -->", "Sorry & so on"),
        ("for key=AbC-123&part=id", "for key=***&part=id"),
        ("two\n  lines", "two lines"),
        ("x" * 1000, "x" * 299 + "…"),
    ],
)
def test_a_message_is_shown_without_html(text: str, shown: str) -> None:
    assert readable(text) == shown


def test_a_message_is_shown_without_what_looks_like_a_key() -> None:
    looks_like_one = "AIza" + "x" * 35

    assert readable(f"the key {looks_like_one} is bad") == "the key *** is bad"


RECORDED = {
    "API_KEY_HTTP_REFERRER_BLOCKED_403": KeyRefused,
    "API_KEY_INVALID_400": KeyRefused,
    "API_KEY_SERVICE_BLOCKED_403": KeyRefused,
    "accessNotConfigured_403_legacy": KeyRefused,
    "captions_download_api_key_401": ApiUnavailable,
    "captions_list_readonly_scope_403": ApiUnavailable,
    "channelNotFound_404_playlists_list": NoSuchChannel,
    "dailyLimitExceeded_403_legacy": QuotaExhausted,
    "global_invalidParameter_400": ApiUnavailable,
    "joostlek_accessNotConfigured_SERVICE_DISABLED": KeyRefused,
    "keyInvalid_400_before_2020-06": KeyRefused,
    "playlistNotFound_404": PlaylistNotFound,
    "python-youtube_error_keyInvalid_2019": KeyRefused,
    "python-youtube_error_permission": ApiUnavailable,
    "quotaExceeded_403": QuotaExhausted,
    "search_daily_quota_429_rateLimitExceeded": QuotaExhausted,
}


def test_recorded_errors_of_youtube_are_understood() -> None:
    if not SHARED.is_dir():
        pytest.skip("skipped: no shared data")

    found = {}
    for file in SHARED.glob("*.json"):
        content = file.read_bytes()
        error = classify(json.loads(content)["error"]["code"], content)
        assert isinstance(error, HarvesterError)
        assert not any(tag in str(error) for tag in ("<code", "<a ", "\n"))
        found[file.stem] = type(error)

    assert found == RECORDED
