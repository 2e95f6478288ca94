"""Attacks on the pages, over a real server: each is refused, or does nothing."""

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from harvester import resources
from harvester.linkage.model import load as load_model
from harvester.records import EventRecords
from harvester.store import reads_people, writes
from harvester.store.database import Database
from harvester.web import users
from harvester.web.app import create_app
from harvester.web.forms import LARGEST_BODY, MOST_FIELDS
from harvester.web.users import UserRole
from tests import build, serving
from tests.build import NOW
from tests.linkings import MATCH, linking, store
from tests.serving import SECRET, Browser, Clock, served
from tests.tables import rows

EVIL = "x-evil"
"""An element that no page of ours has: if it is one, a text became markup."""

HOSTILE = (
    f"<script>alert(1)</script><{EVIL} onmouseover=alert(1)>",
    f"\"><{EVIL} onload='alert(1)'>",
    f"' autofocus onfocus=alert(1) '><{EVIL}>",
    f"</title></textarea></script><{EVIL}>",
    f"{{{{ 7 * 7 }}}} {{% raw %}} {{0.__class__}} <{EVIL}>",
    f"javascript:alert(1)//<{EVIL}>",
    f"\u202egnp.exe <{EVIL}/>",
)
POSTS = (
    "/video/v1/decide",
    "/video/v1/talks",
    "/video/v1/new-event",
    "/undo",
    "/bulk",
    "/missing/status",
    "/sample",
    "/language",
    "/logout",
    "/login",
)


def app(database: Database, **review: object) -> Starlette:
    model = load_model((resources.config() / "linkage.toml").read_text(encoding="utf-8"))
    settings = serving.settings(**review)
    return create_app(database, settings=settings, model=model, clock=Clock(), secret=SECRET)


def fill(database: Database, text: str) -> None:
    """Store videos, events and talks whose every text is hostile; v1 waits, v2 is matched."""
    address = f"javascript:alert('{text}')"
    event = {"title": text, "series": text, "city": text, "url": address, "aliases": (text,)}
    videos = [
        build.video(
            f"v{n}",
            title=f"{n} {text}",
            description=f'00:00 {text}\n00:35:00 {text}\n{address}\nhttps://x.example/"{text}',
            language=text,
            thumbnail_url=address,
        )
        for n in (1, 2, 3)
    ]
    records = EventRecords(
        "events.csv",
        events=tuple(build.event(f"e{n}", **event) for n in (1, 2)),
        talks=tuple(
            build.talk(f"t{n}", f"e{n}", title=text, speakers=(text, text), kind=text)
            for n in (1, 2)
        ),
    )
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1 on test", now=NOW)
        writes.save_channel(session, build.channel(title=text), asked_for="@test", now=NOW)
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        writes.save_event_records(session, records, now=NOW)
    store(database, run_id, linking("v1"), linking("v2", MATCH), linking("v3"))


@pytest.fixture
def site(sqlite_database: Database) -> Iterator[str]:
    fill(sqlite_database, HOSTILE[0])
    with served(app(sqlite_database)) as address:
        yield address


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[str]:
    """The same, for attacks that only look."""
    file = tmp_path_factory.mktemp("looked_at") / "harvester.db"
    shutil.copy(sqlite_template, file)
    with closing(Database(f"sqlite:///{file}")) as database:
        fill(database, HOSTILE[0])
        with served(app(database)) as address:
            yield address


def said(database: Database) -> int:
    """How much editors have said."""
    from harvester.store.schema import Act

    return len(rows(database, Act, "act_id"))


# --- texts from outside -------------------------------------------------------


class _Reader(HTMLParser):
    """Reads a page as a browser does, and notes what should not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in (EVIL, "style", "base", "object", "embed"):
            self.found.append(tag)
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append(f"script {given}")
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction") and not self.leads_well(tag, value):
                self.found.append(f"{tag} {name}={value}")

    @staticmethod
    def leads_well(tag: str, address: str) -> bool:
        if tag == "a" and address.startswith(("https://", "http://")):
            return True
        return address.startswith(("/", "?", "#")) and not address.startswith(("//", "/\\"))


def check(page: str) -> None:
    reader = _Reader()
    reader.feed(page)
    assert reader.found == []


@pytest.mark.parametrize(
    ("language", "text"), [("de", " ".join(HOSTILE)), ("en", " ".join(HOSTILE[::-1]))]
)
def test_no_text_from_outside_becomes_markup(
    sqlite_database: Database, text: str, language: str
) -> None:
    fill(sqlite_database, text)
    asked = quote(text, safe="")
    accept = {"Accept-Language": language}
    with served(app(sqlite_database)) as address, Browser(address, headers=accept) as browser:
        decided = browser.fill(
            "/video/v3/decide", form="/video/v3", say="no_event?reason=other", note=text
        )
        assert decided.status_code == 303
        pages = [
            "/",
            "/queue",
            f"/queue?q={asked}&series={asked}&state={asked}&page={asked}&order={asked}",
            "/video/v1",
            f"/video/v1?find={asked}&series={asked}",
            "/video/v2",
            "/video/v3",
            "/video/v1/talks?event=e1",
            f"/video/v1/talks?event={asked}",
            "/video/v1/new-event",
            "/bulk",
            f"/bulk?series={asked}",
            "/missing",
            f"/missing?series={asked}&status={asked}",
            "/sample",
            "/activity",
            "/help",
            f"/{asked}",
            f"/video/{asked}",
            decided.headers["location"],
        ]
        for path in pages:
            answer = browser.get(path)
            assert answer.status_code < 500, path
            if answer.headers["content-type"].startswith("text/html"):
                check(answer.text)
        assert "&lt;" in browser.get("/video/v1").text  # it is there, as a text


def test_the_snippet_of_a_hostile_event_is_one_script_without_end(looked_at: str) -> None:
    with Browser(looked_at) as browser:
        snippet = browser.get("/api/events/e1/video-objects.html").text

    assert snippet.count("<") == 2
    assert "\\u003cscript\\u003e" in snippet


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_an_event_cannot_be_given_an_address_that_is_no_page(
    site: str, sqlite_database: Database, url: str
) -> None:
    with Browser(site) as browser:
        answer = browser.fill(
            "/video/v1/new-event",
            form="/video/v1/new-event",
            title="New",
            start_on="2023",
            url=url,
            role="full",
        )

    assert answer.status_code == 422
    assert said(sqlite_database) == 0


# --- forgery ------------------------------------------------------------------


def test_the_list_of_changes_is_complete(sqlite_database: Database) -> None:
    there = {
        route.path.replace("{video_id:path}", "v1").replace("{video_id}", "v1")
        for route in app(sqlite_database).routes
        if isinstance(route, Route) and "POST" in (route.methods or ())
    }

    assert there == set(POSTS)


@pytest.mark.parametrize("path", POSTS)
def test_no_change_is_made_without_the_token(
    site: str, sqlite_database: Database, path: str
) -> None:
    with Browser(site) as browser:
        browser.get("/")
        for data in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
            assert browser.post(path, data=data).status_code in (403, 415)
        token = browser.token("/video/v1")
        foreign = browser.post(
            path, data={"csrf": token}, headers={"Origin": "https://evil.example"}
        )

    assert foreign.status_code == 403
    assert said(sqlite_database) == 0


@pytest.mark.parametrize("path", [each for each in POSTS if each not in ("/language", "/logout")])
def test_nothing_is_changed_by_looking(site: str, sqlite_database: Database, path: str) -> None:
    with Browser(site) as browser:
        token = browser.token("/video/v1")
        answer = browser.get(path, params={"csrf": token, "say": "match?event=e1", "seen": "0"})

    assert answer.status_code < 500
    assert said(sqlite_database) == 0


# --- who and where ------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/queue", "/video/v1", "/static/review.js", "/api/videos"])
def test_a_name_that_was_bent_to_us_gets_nothing(looked_at: str, path: str) -> None:
    with Browser(looked_at) as browser:
        answer = browser.get(path, headers={"Host": "evil.example"})

    assert answer.status_code == 421
    assert "v1" not in answer.text


def test_the_proxys_header_from_elsewhere_is_refused(sqlite_database: Database) -> None:
    fill(sqlite_database, "text")
    proxied = app(
        sqlite_database, proxy_user_header="Remote-User", proxy_addresses=["127.0.0.2/32"]
    )
    header = {"Remote-User": "ana"}
    with served(proxied) as address:
        with Browser(address, peer="127.0.0.2", headers=header) as proxy:
            assert "ana" in proxy.get("/queue").text
            token, cookies = proxy.token("/video/v1"), dict(proxy.cookies)
        with Browser(address, peer="127.0.0.3", headers=header, cookies=cookies) as other:
            for path in ("/", "/queue", "/api/videos", "/static/review.css"):
                assert other.get(path).status_code == 403
            for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
                assert other.get("/", headers={name: "127.0.0.2"}).status_code == 403
            sent = {"csrf": token, "say": "no_event?reason=other"}
            assert other.post("/video/v1/decide", data=sent).status_code == 403
        with Browser(address, peer="127.0.0.3", cookies=cookies) as other:
            assert other.get("/queue").status_code == 401  # the cookie alone is nobody

    assert said(sqlite_database) == 0


def test_a_reader_sees_every_page_and_changes_nothing(
    sqlite_database: Database, tmp_path: Path
) -> None:
    fill(sqlite_database, "text")
    file = tmp_path / "users"
    users.save(file, "leo", "a long enough password", UserRole.READER)
    guarded = app(sqlite_database, password_file=str(file))
    with served(guarded) as address, Browser(address) as browser:
        assert browser.get("/queue").headers["location"] == "/login?next=%2Fqueue"
        signed_in = browser.fill(
            "/login", form="/login", name="leo", password="a long enough password", next="//x"
        )
        assert signed_in.headers["location"] == "/"
        for path in ("/", "/queue", "/video/v1", "/missing", "/activity", "/help"):
            page = browser.get(path)
            assert page.status_code == 200, path
            check(page.text)
        for path in POSTS[:7]:
            sent = {"say": "no_event?reason=other", "status": "not_recorded", "event": "e1"}
            assert browser.fill(path, form="/", **sent).status_code == 403, path

    assert said(sqlite_database) == 0


@pytest.mark.parametrize(
    "there", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_form_leads_to_another_site(site: str, there: str) -> None:
    with Browser(site) as browser:
        answers = [
            browser.fill("/language", lang="de", next=there),
            browser.fill(
                "/video/v1/decide",
                form="/video/v1",
                say="later",
                filter=f"?q={there}",
                next=there,
                back=there,
            ),
            browser.fill("/undo", filter=there, back=there, next=there),
            browser.fill(
                "/missing/status", form="/missing", event="e2", status="not_recorded", back=there
            ),
        ]

    for answer in answers:
        location = answer.headers.get("location", "/")
        assert urlsplit(location).netloc == ""
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))


# --- paths --------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2fapp.py",
        "/static/..%5capp.py",
        "/static/..\\app.py",
        "/static/%252e%252e/app.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/",
        "/static/review.css%00.py",
        "/static/review.css/",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
        "/video/%00",
        "/video/..%2f..%2fetc",
        "/video/%ff%fe",
        "/queue?q=%00",
        "/queue?q=%ff%fe%ed%a0%80",
        "/api/events/%00/video-objects",
        "/api/../queue",
        "/%0d%0aSet-Cookie:%20a=b",
        "/login?next=%0d%0aLocation:%20https://evil.example",
        "//evil.example/%2e%2e",
        "/" + "a" * 60_000,
        "*",
    ],
)
def test_no_path_leads_out(looked_at: str, target: str) -> None:
    request = f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"

    answer = serving.raw(looked_at, request.encode("latin-1"))

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1][:1] in (b"2", b"3", b"4"), head
    assert b"create_app" not in body
    assert b"root:" not in body
    assert b"Traceback" not in body
    assert b"\r\nlocation: http" not in head.lower() or b"localhost" in head.lower()
    assert b"\r\nset-cookie: a=b" not in head.lower()


def test_a_request_for_another_server_gets_nothing(looked_at: str) -> None:
    request = b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"

    assert serving.raw(looked_at, request).startswith((b"HTTP/1.1 421", b"HTTP/1.1 404"))


def test_two_host_headers_are_refused(looked_at: str) -> None:
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"

    assert serving.raw(looked_at, request).startswith((b"HTTP/1.1 421", b"HTTP/1.1 400"))


# --- too much -----------------------------------------------------------------


def test_a_bulk_post_of_10_000_rows_is_refused_on_a_page_at_once(
    site: str, sqlite_database: Database
) -> None:
    picks = "&".join(f"pick=v{n}%3Fevent%3De1" for n in range(10_000))
    with Browser(site) as browser:
        token = browser.token("/bulk")
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()

        answer = browser.post("/bulk", content=f"csrf={token}&{picks}", headers=kind)

    assert time.perf_counter() - began < 2
    assert answer.status_code == 413
    check(answer.text)
    assert "choose fewer rows" in answer.text
    assert said(sqlite_database) == 0


def test_as_many_rows_as_a_form_may_have_are_answered_in_bounded_time(
    site: str, sqlite_database: Database
) -> None:
    with Browser(site) as browser:
        token = browser.token("/bulk")
        sent: dict[str, str | list[str]] = {"csrf": token, "pick": []}
        sent["pick"] = [f"v{n}?event=e1&seen=0" for n in range(MOST_FIELDS - 2)]
        began = time.perf_counter()

        answer = browser.post("/bulk", data=sent)

    assert time.perf_counter() - began < 10
    assert 400 <= answer.status_code < 500
    assert said(sqlite_database) == 0


def test_a_body_that_is_too_large_is_refused_however_it_is_sent(looked_at: str) -> None:
    head = "POST /undo HTTP/1.1\r\nHost: localhost\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    declared = f"{head}{kind}Content-Length: {LARGEST_BODY + 1}\r\n\r\ncsrf=".encode()
    part = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    chunked = f"{head}{kind}Transfer-Encoding: chunked\r\n\r\n".encode()

    assert serving.raw(looked_at, declared).startswith(b"HTTP/1.1 413")
    host, _, port = looked_at.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(chunked)
        for _ in range(LARGEST_BODY // 0x10000 + 1):
            connection.sendall(part)
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "fields",
    [
        {"say": "match?event=none"},
        {"say": "match?event=e1&talk=t2"},
        {"say": "match?event=e1&role=king"},
        {"say": "no_event?reason=because"},
        {"say": "drop table video"},
        {"say": "match?" + "event=e1&" * 200},
        {"say": "no_event?reason=other", "seen": "9" * 400},
        {"say": "no_event?reason=other", "seen": "-1", "note": "x" * 100_000},
        {"say": "no_event?reason=other", "seen": "0", "note": "\ud83d"},
        {},
    ],
)
def test_a_form_of_nonsense_is_no_bug(site: str, fields: dict[str, str]) -> None:
    with Browser(site) as browser:
        sent = {
            name: value.encode("utf-8", "surrogatepass").decode("latin-1")
            for name, value in fields.items()
        }

        answer = browser.fill("/video/v1/decide", form="/video/v1", **sent)

    assert answer.status_code < 500


def test_after_all_attacks_the_videos_are_as_they_were(
    site: str, sqlite_database: Database
) -> None:
    with Browser(site) as browser:
        browser.get("/api/videos", params={"video_id": "'; DROP TABLE video; --"})
    with sqlite_database.read() as session:
        assert len(list(reads_people.view(session, "videos"))) == 3
