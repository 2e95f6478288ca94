import datetime as dt
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import structlog
import vcr

from harvester.errors import (
    ApiFormatError,
    ApiUnavailable,
    BadConfiguration,
    HarvesterError,
    Interrupted,
    KeyRefused,
    QuotaExhausted,
)
from harvester.youtube.client import YouTube
from harvester.youtube.errors import InvalidPageToken, PlaylistNotFound
from tests.standin import errors, faults
from tests.standin.faults import Fault
from tests.standin.server import StandIn
from tests.standin.world import Channel

# of the form of a key, but none; in two halves, so that nobody who looks for keys finds one here
SECRET = "AIza" + "NotARealKey-0123456789_abcdefghijklm"


@pytest.fixture
def channel(standin: StandIn) -> Channel:
    return standin.world.channel(id="UCtest000000000000000000", handle="@test")


Client = Callable[..., YouTube]


@pytest.fixture
def client(standin: StandIn) -> Iterator[Client]:
    """Return what makes clients of the stand-in, which are closed at the end."""
    made: list[YouTube] = []

    def make(**given: Any) -> YouTube:
        options: dict[str, Any] = {
            "api_key": standin.api_key,
            "endpoint": standin.address,
            "timeout_s": 5.0,
            "attempts": 4,
            "spend": lambda bucket, units: None,
            "backoff": False,
        }
        made.append(YouTube(**options | given))
        return made[-1]

    yield make
    for youtube in made:
        youtube.close()


def ask(youtube: YouTube) -> list[str]:
    answer = youtube.call("videos.list", part="id", id="video-00001,video-00002")
    return sorted(item["id"] for item in answer["items"])


def test_a_call_returns_the_answer(standin: StandIn, channel: Channel, client: Client) -> None:
    channel.upload("video-00001")
    channel.upload("video-00002")

    assert ask(client()) == ["video-00001", "video-00002"]

    [request] = standin.requests
    assert request.key_from == "header"
    assert "gzip" in request.headers["user-agent"]
    assert "zwk-harvester" in request.headers["user-agent"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.INTERNAL,
        Fault.UNAVAILABLE,
        Fault.TOO_FAST,
        Fault.TOO_FAST_403,
        Fault.HTML_502,
        Fault.HTML_200,
        Fault.TRUNCATED,
        Fault.NOT_AN_OBJECT,
        Fault.CUT,
        Fault.CUT_IN_BODY,
    ],
)
def test_what_is_transient_is_tried_again_and_each_try_is_counted(
    standin: StandIn, channel: Channel, client: Client, fault: Fault
) -> None:
    channel.upload("video-00001")
    standin.faults.add(fault, times=3)
    spent: list[tuple[str, int]] = []

    found = ask(client(spend=lambda bucket, units: spent.append((bucket, units))))

    assert found == ["video-00001"]
    assert standin.count() == 4
    assert spent == [("main", 1)] * 4


def test_a_stale_connection_costs_one_counted_try(
    standin: StandIn, channel: Channel, client: Client
) -> None:
    channel.upload("video-00001")
    spent: list[str] = []
    youtube = client(spend=lambda bucket, units: spent.append(bucket))
    ask(youtube)
    standin.faults.add(Fault.CUT)

    ask(youtube)

    assert standin.count() == len(spent) == 3  # httplib2 alone would send one more, unseen


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.QUOTA_EXCEEDED, QuotaExhausted),
        (Fault.TOO_MUCH_TODAY, QuotaExhausted),
        (Fault.BAD_KEY, KeyRefused),
        (Fault.API_DISABLED, KeyRefused),
        (Fault.KEY_BLOCKED, KeyRefused),
        (Fault.PERMISSION_DENIED, ApiUnavailable),
        (Fault.BAD_PAGE_TOKEN, InvalidPageToken),
        (Fault.PLAYLIST_NOT_FOUND, PlaylistNotFound),
        (Fault.LOGIN_REQUIRED, ApiUnavailable),
    ],
)
def test_what_is_for_good_is_tried_once(
    standin: StandIn, client: Client, fault: Fault, kind: type[HarvesterError]
) -> None:
    standin.faults.add(fault, times=9)

    with pytest.raises(kind):
        ask(client())

    assert standin.count() == 1


def test_a_quota_spent_is_back_at_the_server_s_next_pacific_midnight(
    standin: StandIn, client: Client
) -> None:
    standin.quota.set_time(dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC))
    standin.quota.limit["main"] = 0

    with pytest.raises(QuotaExhausted) as caught:
        ask(client())

    assert caught.value.resets_at == dt.datetime(2026, 7, 2, 7, 0, tzinfo=dt.UTC)


def test_after_the_last_try_the_error_says_what_was_asked_and_why_it_failed(
    standin: StandIn, client: Client
) -> None:
    standin.faults.add(Fault.UNAVAILABLE, times=99)

    with pytest.raises(ApiUnavailable, match=r"videos\.list in 3 tries.*HTTP 503") as caught:
        ask(client(attempts=3))

    assert standin.count() == 3
    assert caught.value.exit_code == 69


def test_silence_is_a_time_out_and_not_a_hang(standin: StandIn, client: Client) -> None:
    standin.faults.add(Fault.SILENCE, times=2)
    started = time.monotonic()

    with pytest.raises(ApiUnavailable, match=r"no answer within 0\.2 seconds"):
        ask(client(timeout_s=0.2, attempts=2))

    assert time.monotonic() - started < 5


def test_a_server_that_is_not_there_is_unavailable(client: Client) -> None:
    with pytest.raises(ApiUnavailable, match=r"2 tries.*ConnectionRefusedError"):
        ask(client(endpoint="http://127.0.0.1:1/", attempts=2))


@pytest.mark.parametrize("endpoint", ["http://[x", "youtube", "ftp://host/", "http://host:no/", ""])
def test_an_endpoint_that_is_no_address_is_refused(client: Client, endpoint: str) -> None:
    with pytest.raises(BadConfiguration, match="api_endpoint"):
        client(endpoint=endpoint)


def test_a_refusal_to_spend_prevents_the_try(standin: StandIn, client: Client) -> None:
    def refuse(bucket: str, units: int) -> None:
        raise QuotaExhausted(bucket=bucket, resets_at=None, said_by="our own ledger")

    with pytest.raises(QuotaExhausted, match="our own ledger"):
        ask(client(spend=refuse))

    assert standin.count() == 0


def test_a_refusal_to_spend_prevents_a_retry(standin: StandIn, client: Client) -> None:
    standin.faults.add(Fault.UNAVAILABLE, times=9)
    purse = [1, 1]

    def spend(bucket: str, units: int) -> None:
        if not purse:
            raise QuotaExhausted(bucket=bucket, resets_at=None, said_by="our own ledger")
        purse.pop()

    with pytest.raises(QuotaExhausted):
        ask(client(spend=spend))

    assert standin.count() == 2


def test_pages_come_one_by_one_with_the_tokens_that_lead_to_them(
    standin: StandIn, channel: Channel, client: Client
) -> None:
    channel.upload_many(7)
    arguments: dict[str, Any] = {
        "part": "contentDetails",
        "playlistId": channel.uploads_id,
        "maxResults": 3,
    }

    pages = list(client().pages("playlistItems.list", **arguments))

    assert [len(page.items) for page in pages] == [3, 3, 1]
    assert pages[0].token is None
    assert [page.token for page in pages[1:]] == [page.next_token for page in pages[:-1]]
    assert pages[-1].next_token is None
    assert {page.total for page in pages} == {7}

    again = list(client().pages("playlistItems.list", token=pages[1].token, **arguments))

    assert again == pages[1:]


def test_nothing_found_is_an_empty_page(standin: StandIn, client: Client) -> None:
    page = client().page("channels.list", part="id", id="UCnobody")  # an answer without `items`

    assert page.items == []


def test_items_that_are_no_list_are_a_strange_format(
    standin: StandIn, channel: Channel, client: Client
) -> None:
    standin.faults.add(Fault.ITEMS_NOT_A_LIST, times=9)

    with pytest.raises(ApiFormatError, match="items that are no list"):
        client().page("playlists.list", part="id", channelId=channel.id)


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "schlüssel"])
def test_a_key_that_cannot_be_one_is_refused_unseen(client: Client, key: str) -> None:
    with pytest.raises(KeyRefused, match="copy it anew") as caught:
        client(api_key=key)

    assert not key or key not in str(caught.value)


def test_each_thread_has_its_own_connection(
    standin: StandIn, channel: Channel, client: Client
) -> None:
    channel.upload("video-00001")
    standin.latency_s = 0.1
    youtube = client()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: ask(youtube), range(4)))

    assert found == [["video-00001"]] * 4
    assert standin.max_concurrency == 4


def test_closing_wakes_who_waits_for_an_answer(standin: StandIn, client: Client) -> None:
    standin.faults.add(Fault.SILENCE)
    youtube = client(timeout_s=60.0)
    arrived = threading.Event()
    ended: list[BaseException] = []

    def wait() -> None:
        try:
            ask(youtube)
        except Interrupted as error:
            ended.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not standin.requests:
        arrived.wait(0.01)
    youtube.close()
    waiting.join(timeout=10)

    assert len(ended) == 1
    with pytest.raises(Interrupted):
        ask(youtube)


# --- the key ------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault.BAD_KEY,
        Fault.QUOTA_EXCEEDED,
        Fault.UNAVAILABLE,
        Fault.PERMISSION_DENIED,
        Fault.TRUNCATED,
        Fault.CUT,
        Fault.SILENCE,
    ],
)
def test_no_error_and_no_log_line_holds_the_key(
    standin: StandIn,
    client: Client,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.api_key = SECRET
    standin.faults.add(fault, times=9)
    youtube = client(api_key=SECRET, attempts=2, timeout_s=0.3)

    with structlog.testing.capture_logs() as lines, pytest.raises(HarvesterError) as caught:
        ask(youtube)

    assert SECRET not in _everything_about(caught.value)
    assert SECRET not in caplog.text
    assert SECRET not in repr(lines)
    assert SECRET not in "".join(capfd.readouterr())
    assert SECRET not in repr(youtube)


def _everything_about(error: BaseException | None) -> str:
    told = []
    while error is not None:
        told += [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    return "\n".join(told)


def test_a_key_that_the_other_side_repeats_is_blanked(
    standin: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "not-of-the-usual-form"
    echo = errors.ApiError(400, f"API key not valid: {key}", "global", "badRequest")
    monkeypatch.setitem(faults.ERRORS, Fault.BAD_KEY, echo)
    standin.faults.add(Fault.BAD_KEY)

    with pytest.raises(ApiUnavailable, match=r"API key not valid: \*\*\*") as caught:
        ask(client(api_key=key))

    assert key not in _everything_about(caught.value)


def test_a_redirection_does_not_take_the_key_along(client: Client) -> None:
    """The stand-in has no redirections: a bare socket answers the one request."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def redirect() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(
                    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                    b"Content-Length: 0\r\n\r\n"
                )

        answering = threading.Thread(target=redirect)
        answering.start()
        with pytest.raises(ApiUnavailable, match=r"HTTP 302.*api_endpoint"):
            ask(client(endpoint=f"http://127.0.0.1:{server.getsockname()[1]}/"))
        answering.join()


# --- cassettes ----------------------------------------------------------------

RECORDER = vcr.VCR(
    decode_compressed_response=True,
    filter_headers=["x-goog-api-key"],
    match_on=["method", "path", "query"],
)


def test_a_cassette_replays_without_a_server_also_to_threads(
    standin: StandIn, channel: Channel, client: Client, tmp_path: Path
) -> None:
    channel.upload("video-00001")
    standin.api_key = SECRET
    cassette = tmp_path / "cassette.yaml"
    with RECORDER.use_cassette(str(cassette), record_mode="once"):
        recorded = client(api_key=SECRET)
        first = ask(recorded)
        page = recorded.page("playlistItems.list", part="id", playlistId=channel.uploads_id)
        recorded.close()
    asked = standin.count()

    with RECORDER.use_cassette(str(cassette), record_mode="none"):
        replayed = client(endpoint="https://youtube.googleapis.com/", api_key="no-key")
        with ThreadPoolExecutor(2) as pool:
            videos = pool.submit(ask, replayed)
            listing = pool.submit(
                replayed.page, "playlistItems.list", part="id", playlistId=channel.uploads_id
            )
            assert videos.result() == first == ["video-00001"]
            assert listing.result() == page
        replayed.close()

    assert standin.count() == asked == 2
    text = cassette.read_text(encoding="utf-8")
    assert SECRET not in text
    assert "video-00001" in text


def test_a_request_that_is_not_on_the_cassette_is_a_bug(client: Client, tmp_path: Path) -> None:
    with (
        RECORDER.use_cassette(str(tmp_path / "empty.yaml"), record_mode="none"),
        pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException) as caught,
    ):
        ask(client(api_key=SECRET))

    assert SECRET not in _everything_about(caught.value)
