"""The stand-in fails on order, keeps its quota and counts what it is asked."""

import contextlib
import datetime as dt
import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request as UrlRequest
from urllib.request import urlopen

import pytest

from tests.standin import bench
from tests.standin.checking import ask
from tests.standin.faults import ERRORS, Fault
from tests.standin.server import API_KEY, StandIn

CHANNEL = "UCstandin000000000000000"
UPLOADS = "UUstandin000000000000000"


@pytest.fixture
def filled(standin: StandIn) -> StandIn:
    standin.world.channel(id=CHANNEL).upload_many(3)
    return standin


def statuses(standin: StandIn, times: int) -> list[int]:
    return [ask(standin, "channels.list", part="id", id=CHANNEL).status for _ in range(times)]


# --- quota


def test_every_request_costs_by_method_and_bucket(filled: StandIn) -> None:
    ask(filled, "channels.list", part="id", id=CHANNEL)
    ask(filled, "videos.list", id="without-part")  # a bad request costs, too
    ask(filled, "captions.list", part="id", videoId="standin0001")
    ask(filled, "search.list", part="id", channelId=CHANNEL)
    ask(filled, "videos.batchGetStats", id="standin0001")

    assert filled.spent == {"main": 52, "search": 1, "batch_stats": 1}


def test_an_empty_bucket_refuses_until_midnight_at_the_pacific(filled: StandIn) -> None:
    filled.quota.limit["main"] = 2
    filled.quota.set_time(dt.datetime(2026, 11, 23, 7, 59, tzinfo=dt.UTC))

    assert statuses(filled, 3) == [200, 200, 403]
    assert ask(filled, "channels.list", part="id", id=CHANNEL).reason == "quotaExceeded"

    filled.quota.set_time(dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC))

    assert filled.spent["main"] == 0
    assert statuses(filled, 1) == [200]


def test_an_empty_search_bucket_looks_like_haste(filled: StandIn) -> None:
    filled.quota.limit["search"] = 0

    answer = ask(filled, "search.list", part="id", channelId=CHANNEL)

    assert (answer.status, answer.reason) == (429, "rateLimitExceeded")
    assert "per day" in answer.body["error"]["message"]


# --- faults


def test_a_fault_hits_the_nth_request_that_fits_and_as_many_as_ordered(filled: StandIn) -> None:
    filled.faults.add(Fault.UNAVAILABLE, method="channels.list", nth=2, times=2)

    other = ask(filled, "videos.list", part="id", id="standin0001").status

    assert other == 200
    assert statuses(filled, 4) == [200, 503, 503, 200]


def test_a_fault_may_be_chosen_by_what_is_asked(filled: StandIn) -> None:
    filled.faults.add(Fault.INTERNAL, when=lambda request: request.param("id") == "standin0002")

    found = [
        ask(filled, "videos.list", part="id", id=f"standin000{number}").status
        for number in (1, 2, 3)
    ]

    assert found == [200, 500, 200]


@pytest.mark.parametrize("fault", ERRORS, ids=lambda fault: fault.value)
def test_an_error_on_order_is_the_one_that_was_ordered(filled: StandIn, fault: Fault) -> None:
    filled.faults.add(fault)

    answer = ask(filled, "channels.list", part="id", id=CHANNEL)

    assert answer.status == ERRORS[fault].http_status == answer.body["error"]["code"]
    assert answer.reason == ERRORS[fault].reason
    assert filled.spent["main"] == 1


def test_a_connection_is_cut_before_the_answer(filled: StandIn) -> None:
    filled.faults.add(Fault.CUT)

    with pytest.raises(http.client.RemoteDisconnected):
        ask(filled, "channels.list", part="id", id=CHANNEL)

    assert filled.calls()[0].status is None


def test_a_connection_is_cut_within_the_answer(filled: StandIn) -> None:
    filled.faults.add(Fault.CUT_IN_BODY)

    with pytest.raises(http.client.IncompleteRead):
        ask(filled, "channels.list", part="id", id=CHANNEL)


def test_half_an_answer_may_come_with_the_right_length(filled: StandIn) -> None:
    filled.faults.add(Fault.TRUNCATED)

    answer = ask(filled, "channels.list", part="id", id=CHANNEL)

    assert answer.status == 200
    assert answer.headers["content-length"] == str(len(answer.data))
    with pytest.raises(ValueError, match="line 1"):
        json.loads(answer.data)


@pytest.mark.parametrize(("fault", "status"), [(Fault.HTML_502, 502), (Fault.HTML_200, 200)])
def test_a_page_of_html_may_come_instead(filled: StandIn, fault: Fault, status: int) -> None:
    filled.faults.add(fault)

    answer = ask(filled, "channels.list", part="id", id=CHANNEL)

    assert answer.status == filled.calls()[0].status == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.data.startswith(b"<!DOCTYPE html>")


def test_silence_lasts_until_the_server_ends() -> None:
    heard: list[type[BaseException]] = []

    def listen() -> None:
        try:
            ask(standin, "channels.list", part="id", id=CHANNEL)
        except (http.client.HTTPException, OSError) as error:
            heard.append(type(error))

    listener = threading.Thread(target=listen)
    with StandIn() as standin:
        standin.faults.add(Fault.SILENCE)
        listener.start()
        listener.join(0.1)
        assert listener.is_alive()
        assert standin.count() == 1
    listener.join(10)

    assert heard == [http.client.RemoteDisconnected]


def test_a_slow_answer_is_the_right_one(filled: StandIn) -> None:
    filled.faults.add(Fault.SLOW, seconds=0.05)

    assert statuses(filled, 1) == [200]


def raw(standin: StandIn, fault: Fault) -> object:
    """Ask for three videos, past the check of the schema: these answers are to be wrong."""
    standin.faults.add(fault)
    ids = "standin0001,standin0002,standin0003"
    request = UrlRequest(
        f"{standin.address}youtube/v3/videos?part=snippet&id={ids}",
        headers={"X-Goog-Api-Key": API_KEY},
    )
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_content_may_be_damaged(filled: StandIn) -> None:
    no_object = raw(filled, Fault.NOT_AN_OBJECT)
    no_items = raw(filled, Fault.ITEMS_NOT_A_LIST)
    empty = raw(filled, Fault.EMPTY)
    no_id = raw(filled, Fault.ITEM_WITHOUT_ID)
    no_snippet = raw(filled, Fault.ITEM_WITHOUT_SNIPPET)
    no_text = raw(filled, Fault.TITLE_NOT_TEXT)

    assert isinstance(no_object, list)
    assert isinstance(no_items, dict)
    assert no_items["items"] == "none"
    assert isinstance(empty, dict)
    assert empty["items"] == []
    assert isinstance(no_id, dict)
    assert ["id" in item for item in no_id["items"]] == [False, True, True]
    assert isinstance(no_snippet, dict)
    assert ["snippet" in item for item in no_snippet["items"]] == [False, True, True]
    assert isinstance(no_text, dict)
    assert no_text["items"][0]["snippet"]["title"] == 42


def test_what_is_planned_for_after_an_answer_waits_for_a_good_one(filled: StandIn) -> None:
    filled.faults.add(Fault.UNAVAILABLE)
    done: list[str] = []
    filled.after("channels.list", lambda: done.append("x"))

    statuses(filled, 1)
    assert done == []

    statuses(filled, 2)
    assert done == ["x"]


# --- the server


def test_requests_at_once_are_counted(filled: StandIn) -> None:
    filled.latency_s = 0.2
    threads = [threading.Thread(target=statuses, args=(filled, 1)) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert filled.count("channels.list") == filled.count() == 4
    assert filled.max_concurrency > 1
    assert sorted(one.number for one in filled.calls()) == [1, 2, 3, 4]


def test_what_is_not_of_the_api_is_not_found(standin: StandIn) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(standin.address[:-1].split(":")[-1]))
    found = []
    for verb, path in (("GET", "/youtube/v4/videos"), ("POST", "/youtube/v3/videos")):
        connection.request(verb, path)
        response = connection.getresponse()
        response.read()
        found.append(response.status)
    connection.close()

    assert found == [404, 404]
    assert standin.count() == 0


def test_a_bug_of_our_own_does_not_pass_unseen() -> None:
    with StandIn() as standin:
        channel = standin.world.channel(id=CHANNEL)
        channel.published_at = None  # type: ignore[assignment]

        with contextlib.suppress(http.client.HTTPException):
            ask(standin, "channels.list", part="snippet", id=CHANNEL)

    assert "AttributeError" in standin.broken[0]


# --- a list of videos


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "videos.csv"
    path.write_text(
        "video_id,domain,title,description,published_at,duration_s,language\n"
        'old,ruby,"One, two","Lines\nof text",2018-05-18T05:51:41Z,,en\n'
        "new,vox,Drei,,2023-10-05T17:40:32Z,86402,de\n",
        encoding="utf-8",
    )
    return path


def test_a_list_of_videos_becomes_a_channel(standin: StandIn, listed: Path) -> None:
    standin.world = bench.load(listed)

    uploads = ask(
        standin, "playlistItems.list", part="contentDetails", playlistId="UU" + bench.CHANNEL_ID[2:]
    )
    videos = ask(standin, "videos.list", part="snippet,contentDetails", id="old,new")

    assert uploads.ids == ["new", "old"]
    found = {one["id"]: one for one in videos.items}
    assert found["old"]["snippet"]["description"] == "Lines\nof text"
    assert "duration" not in found["old"]["contentDetails"]
    assert found["new"]["contentDetails"]["duration"] == "P1DT2S"


@pytest.mark.parametrize(
    ("seconds", "iso"), [(1263, "PT21M3S"), (900, "PT15M"), (86_400, "P1D"), (0, "P0D")]
)
def test_a_duration_is_written_as_youtube_does(seconds: int, iso: str) -> None:
    assert bench.duration(seconds) == iso


@pytest.fixture
def served(listed: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    command = [sys.executable, "-m", "tests.standin", "--videos", str(listed)]
    command += ["--quota", "2", "--latency-ms", "1", "--events", "videos.list:1:503"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()
        process.kill()


def test_the_command_serves_until_it_is_told_to_stop(
    served: tuple[subprocess.Popen[str], list[str]],
) -> None:
    process, (address, channel_id, key) = served

    with urlopen(f"{address}youtube/v3/channels?part=id&id={channel_id}&key={key}") as answer:
        body = json.load(answer)
    process.send_signal(signal.SIGTERM)

    assert body["items"][0]["id"] == bench.CHANNEL_ID
    assert process.wait(10) == 0
