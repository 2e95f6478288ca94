"""Who gets in, as whom, and what of it leaves: over a real server, on a page of few words."""

import asyncio
import datetime as dt
import html
import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from harvester.errors import BadConfiguration, BadInput, DatabaseUnavailable
from harvester.settings import load, system_user
from harvester.web import hosts, security, users
from harvester.web.access import Security
from harvester.web.guard import Guard
from harvester.web.hosts import local_path
from harvester.web.sessions import Sessions
from harvester.web.throttle import ENTRIES, Throttle
from harvester.web.users import UserRole
from tests import serving
from tests.build import NOW
from tests.serving import SECRET, Browser, Clock, served

PASSWORD = "a long enough password"


# --- a page of few words ------------------------------------------------------


async def home(request: Request) -> Response:
    user = request.state.user
    shown = f"{user.name}, {user.role}" if user else "nobody"
    field = f'<input type="hidden" name="csrf" value="{request.state.csrf}">'
    return HTMLResponse(f"<p>{html.escape(shown)}</p><form>{field}</form>")


async def change(request: Request) -> Response:
    form = await security.form(request)
    return PlainTextResponse(f"changed {form.get('what', '')}")


async def login(request: Request) -> Response:
    if request.method == "GET":
        return await home(request)
    form = await security.form(request)
    done = await security.sign_in(request, str(form["name"]), str(form["password"]))
    return PlainTextResponse(f"wait {done.wait_s}" if done.wait_s else f"user {done.user}")


async def logout(request: Request) -> Response:
    security.sign_out(request)
    return PlainTextResponse("out")


async def editors_only(request: Request) -> Response:
    security.needs_editor(request)
    return PlainTextResponse("yes")


async def bug(_request: Request) -> Response:
    raise RuntimeError("the secret plan of /etc")


async def away(_request: Request) -> Response:
    raise DatabaseUnavailable("the database sqlite:////srv/h.db: is locked")


async def listed(_request: Request) -> Response:
    return JSONResponse({"items": []})


ROUTES = [
    Route("/", home),
    Route("/change", change, methods=["POST"]),
    Route("/login", login, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["POST"]),
    Route("/editors", editors_only),
    Route("/bug", bug),
    Route("/away", away),
    Route("/api/list", listed),
]


def page(clock: Clock | None = None, **review: Any) -> Starlette:
    guarded = Security(serving.settings(**review).review, secret=SECRET, clock=clock or Clock())
    return Starlette(routes=ROUTES, middleware=[Middleware(Guard, security=guarded)])


@pytest.fixture(scope="module")
def local() -> Iterator[str]:
    with served(page()) as address:
        yield address


@pytest.fixture(scope="module")
def password_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("users") / "users"
    users.save(file, "ana", PASSWORD, UserRole.EDITOR)
    users.save(file, "Jürgen", PASSWORD, UserRole.READER)
    users.save(file, "carl", None, UserRole.EDITOR)
    return file


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def with_login(password_file: Path, clock: Clock) -> Iterator[str]:
    with served(page(clock, password_file=str(password_file))) as address:
        yield address


def sign_in(browser: Browser, name: str = "ana", password: str = PASSWORD) -> str:
    return browser.fill("/login", form="/login", name=name, password=password).text


# --- on this machine only -----------------------------------------------------


def test_without_a_login_the_user_is_who_runs_the_program(local: str) -> None:
    with Browser(local) as browser:
        assert f"{system_user()}, editor" in browser.get("/").text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "review.example.org", "10.0.0.1"])
def test_another_address_is_refused_without_a_login(host: str) -> None:
    with pytest.raises(BadConfiguration, match="there is no login; set"):
        page(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_an_address_of_this_machine_needs_no_login(host: str) -> None:
    page(host=host)


def test_all_addresses_at_once_need_the_names_that_browsers_use(password_file: Path) -> None:
    with pytest.raises(BadConfiguration, match="allowed_hosts"):
        page(host="0.0.0.0", password_file=str(password_file))
    page(host="0.0.0.0", password_file=str(password_file), allowed_hosts=["review.example.org"])


def test_a_proxys_header_needs_the_proxys_address() -> None:
    with pytest.raises(BadConfiguration, match=r"name the proxy's in\s+review.proxy_addresses"):
        page(proxy_user_header="Remote-User")


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host"]
)
def test_a_proxy_in_front_of_pages_without_a_login_is_refused(local: str, header: str) -> None:
    with Browser(local) as browser:
        assert browser.get("/", headers={header: "192.0.2.1"}).status_code == 403


def test_a_peer_that_is_not_this_machine_is_refused_without_a_login() -> None:
    sent = asked(page(), peer="192.0.2.1")

    assert sent["status"] == 403


def asked(app: Starlette, *, peer: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Ask for / as from an address that this machine does not have."""
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    named = {"host": "127.0.0.1:8321", **(headers or {})}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [(name.lower().encode(), text.encode()) for name, text in named.items()],
        "client": (peer, 50_000),
        "server": ("127.0.0.1", 8321),
    }
    asyncio.run(app(scope, receive, send))
    body = b"".join(each.get("body", b"") for each in messages)
    return {"status": messages[0]["status"], "body": body.decode()}


# --- hosts and paths ----------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8321", "LOCALHOST", "[::1]:8321"])
def test_a_name_of_this_machine_is_answered(local: str, host: str) -> None:
    with Browser(local) as browser:
        assert browser.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "127.0.0.1:80:80",
        "[",
        "",
    ],
)
def test_another_name_is_refused_whatever_it_resolves_to(local: str, host: str) -> None:
    answer = serving.raw(local, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())

    assert answer.startswith((b"HTTP/1.1 421", b"HTTP/1.1 400"))
    assert b"csrf" not in answer


def test_a_name_of_the_settings_is_answered() -> None:
    with served(page(allowed_hosts=["review.example.org"])) as address, Browser(address) as browser:
        assert browser.get("/", headers={"Host": "review.example.org"}).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/%2fevil.example",
        "/%5cevil.example",
        "/a\nb",
        "/\t/evil.example",
        " /queue",
        "queue",
        "",
        None,
    ],
)
def test_where_to_go_on_is_never_another_site(text: str | None) -> None:
    assert local_path(text) == "/"


@pytest.mark.parametrize("text", ["/", "/queue", "/video/a-b_c?series=Z%C3%BCrich&page=2", "/a//b"])
def test_where_to_go_on_may_be_any_page_of_ours(text: str) -> None:
    assert local_path(text) == text


# --- changes ------------------------------------------------------------------


def test_a_change_with_the_token_of_the_page_is_made(local: str) -> None:
    with Browser(local) as browser:
        assert browser.fill("/change", what="Käse & <b>").text == "changed Käse & <b>"


@pytest.mark.parametrize("token", ["", "0" * 64, "ü", "\udcff"])
def test_a_change_without_the_right_token_is_refused(local: str, token: str) -> None:
    with Browser(local) as browser:
        browser.get("/")
        sent = f"csrf={token}".encode("utf-8", "surrogateescape")
        kind = {"Content-Type": "application/x-www-form-urlencoded"}

        answer = browser.post("/change", content=sent, headers=kind)

        assert answer.status_code in (400, 403)


def test_a_token_is_of_one_session_only(local: str) -> None:
    with Browser(local) as browser, Browser(local) as other:
        token = other.token()
        browser.get("/")

        assert browser.post("/change", data={"csrf": token}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:1"},  # another program on this machine
        {"Origin": "http://localhost"},
    ],
)
def test_a_change_that_another_site_sends_is_refused_with_the_right_token_too(
    local: str, headers: dict[str, str]
) -> None:
    with Browser(local) as browser:
        token = browser.token()

        answer = browser.post("/change", data={"csrf": token}, headers=headers)

        assert answer.status_code == 403
        assert "another site" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X"])
def test_other_methods_do_nothing(local: str, method: str) -> None:
    with Browser(local) as browser:
        assert browser.request(method, "/").status_code == 405


def test_a_form_of_another_kind_is_refused(local: str) -> None:
    with Browser(local) as browser:
        token = browser.token()
        as_file = browser.post("/change", files={"csrf": (None, token)})
        as_json = browser.post("/change", json={"csrf": token})

    assert (as_file.status_code, as_json.status_code) == (415, 415)


# --- headers and cookies ------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/nothing", "/bug", "/api/list", "/%2e%2e/etc/passwd"])
def test_every_answer_has_the_headers(local: str, path: str) -> None:
    with Browser(local) as browser:
        headers = browser.get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_the_cookie_is_for_this_site_and_not_for_scripts(local: str) -> None:
    with Browser(local) as browser:
        first, second = browser.get("/"), browser.get("/")

    assert "; HttpOnly; SameSite=Strict" in first.headers["set-cookie"]
    assert "Secure" not in first.headers["set-cookie"]
    assert "set-cookie" not in second.headers


def test_behind_a_proxy_with_https_the_cookie_is_for_https_only() -> None:
    proxied = page(proxy_user_header="Remote-User", proxy_addresses=["127.0.0.0/8"])
    with served(proxied) as address, Browser(address) as browser:
        answer = browser.get("/", headers={"Remote-User": "ana", "X-Forwarded-Proto": "https"})

    assert answer.headers["set-cookie"].startswith("__Host-harvester_8321=")
    assert answer.headers["set-cookie"].endswith("; Secure")


def test_the_api_sets_no_cookie(local: str) -> None:
    with Browser(local) as browser:
        assert "set-cookie" not in browser.get("/api/list").headers


def test_a_link_from_another_site_does_not_replace_the_session(with_login: str) -> None:
    with Browser(with_login) as browser:
        sign_in(browser)
        cookies = dict(browser.cookies)
        browser.cookies.clear()  # as browsers do with SameSite=Strict
        linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

        answer = browser.get("/?q=<b>&x=1", headers=linked)

        assert "set-cookie" not in answer.headers
        assert 'http-equiv="refresh" content="0;url=/?q=%3Cb%3E&amp;x=1"' in answer.text
        browser.cookies.update(cookies)
        assert "ana, editor" in browser.get("/").text


def test_that_page_leads_to_no_other_site(local: str) -> None:
    headers = "Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"

    answer = serving.raw(local, f"GET //evil.example/x HTTP/1.1\r\n{headers}\r\n".encode())

    assert b'content="0;url=/"' in answer
    assert b"evil" not in answer


def test_an_error_shows_neither_where_nor_what(
    local: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Browser(local) as browser:
        broken, away = browser.get("/bug"), browser.get("/away")

    assert (broken.status_code, away.status_code) == (500, 503)
    assert not re.search("secret|Traceback|Runtime|srv", broken.text + away.text)
    assert "the secret plan" in caplog.text  # whoever runs it can read what it was


def test_the_log_has_neither_queries_nor_cookies_nor_tokens(
    with_login: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "harvester.web")
    with Browser(with_login) as browser:
        sign_in(browser)
        token = browser.token("/?q=geheimnis")
        cookie = next(iter(browser.cookies.values()))

    lines = [record.getMessage() for record in caplog.records if record.name == "harvester.web"]
    assert any(line.startswith("POST /login 200 ") for line in lines)
    for secret in ("geheimnis", token, cookie, PASSWORD):
        assert secret not in "\n".join(lines)


# --- signing in ---------------------------------------------------------------


def test_who_is_not_signed_in_is_sent_to_the_login_and_comes_back(with_login: str) -> None:
    with Browser(with_login) as browser:
        answer = browser.get("/editors?a=1&b=ü")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Feditors%3Fa%3D1%26b%3D%25C3%25BC"


def test_a_user_signs_in_and_out(with_login: str) -> None:
    with Browser(with_login) as browser:
        assert "ana" in sign_in(browser)
        assert "ana, editor" in browser.get("/").text
        cookies = dict(browser.cookies)

        assert browser.fill("/logout").text == "out"

        assert browser.get("/").status_code == 303
        browser.cookies.update(cookies)  # whoever kept a copy
        assert browser.get("/").status_code == 303


def test_a_reader_sees_and_changes_nothing(with_login: str) -> None:
    with Browser(with_login) as browser:
        sign_in(browser, "Ju\u0308rgen")  # as some keyboards write it
        assert "Jürgen, reader" in browser.get("/").text

        assert browser.fill("/change").status_code == 403
        assert browser.get("/editors").status_code == 403


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ana", PASSWORD + "."),
        ("ana", ""),
        ("nobody", PASSWORD),
        ("carl", "-"),
        ("", ""),
        ("a:b", ""),
    ],
)
def test_a_wrong_name_or_password_is_told_the_same(
    with_login: str, name: str, password: str
) -> None:
    with Browser(with_login) as browser:
        assert sign_in(browser, name, password) == "user None"


def test_signing_in_begins_another_session(with_login: str) -> None:
    with Browser(with_login) as browser:
        before = browser.token("/login")
        sign_in(browser)

        assert browser.token() != before
        assert browser.post("/change", data={"csrf": before}).status_code == 403


def test_a_session_ends(with_login: str, clock: Clock) -> None:
    with Browser(with_login) as browser:
        sign_in(browser)
        clock.go_on(hours=11, minutes=59)
        assert browser.get("/").status_code == 200
        clock.go_on(minutes=2)

        assert browser.get("/").status_code == 303


@pytest.mark.parametrize("change", ["password", "removal", "role"])
def test_a_change_of_the_password_file_holds_at_once(tmp_path: Path, change: str) -> None:
    file = tmp_path / "users"
    users.save(file, "ana", PASSWORD, UserRole.EDITOR)
    users.save(file, "bo", PASSWORD, UserRole.EDITOR)
    with served(page(password_file=str(file))) as address, Browser(address) as browser:
        sign_in(browser)
        if change == "password":
            users.save(file, "ana", "another good password", UserRole.EDITOR)
        lines = file.read_text(encoding="utf-8").splitlines()
        if change == "removal":
            file.write_text(f"{lines[1]}\n", encoding="utf-8")
        if change == "role":
            lines[0] = lines[0].replace(":editor:", ":reader:")
            file.write_text("\n".join(lines), encoding="utf-8")

        answer = browser.get("/")

    if change == "role":
        assert "ana, reader" in answer.text
    else:
        assert answer.status_code == 303


def test_a_broken_password_file_lets_nobody_in(tmp_path: Path) -> None:
    file = tmp_path / "users"
    users.save(file, "ana", PASSWORD, UserRole.EDITOR)
    with served(page(password_file=str(file))) as address, Browser(address) as browser:
        sign_in(browser)
        file.write_text("ana\n", encoding="utf-8")

        assert browser.get("/").status_code == 303


def test_guessing_is_slowed_and_nobody_is_locked_out_for_good(
    with_login: str, clock: Clock
) -> None:
    with Browser(with_login) as browser:
        said = [sign_in(browser, password=f"guess {n} guess") for n in range(5)]
        assert said == ["user None"] * 4 + ["wait 2"]
        assert sign_in(browser) == "wait 2"  # the right one waits, too, or it could be told
        clock.go_on(seconds=3)

        assert "ana" in sign_in(browser)


def test_a_program_signs_in_with_each_request_to_the_api(with_login: str) -> None:
    with Browser(with_login) as browser:
        assert browser.get("/api/list").status_code == 401
        assert "Basic" in browser.get("/api/list").headers["www-authenticate"]
        assert browser.get("/api/list", auth=("ana", PASSWORD)).json() == {"items": []}
        assert browser.get("/api/list", auth=("ana", "wrong")).status_code == 401
        # not for the pages: a browser would send it along with whatever another site asks for
        assert browser.get("/", auth=("ana", PASSWORD)).status_code == 303


# --- a proxy ------------------------------------------------------------------


def proxied(**review: Any) -> Starlette:
    return page(**{"proxy_user_header": "Remote-User", "proxy_addresses": ["127.0.0.2"], **review})


def test_the_proxy_says_who_it_is_and_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    header = {b"Remote-User": "Jürgen".encode()}
    with served(proxied()) as address:
        with Browser(address, peer="127.0.0.2") as proxy:
            assert "Jürgen, editor" in proxy.get("/", headers=header).text
            assert proxy.get("/").status_code == 401
        with Browser(address, peer="127.0.0.3") as other:
            answer = other.get("/", headers={**header, b"X-Forwarded-For": b"127.0.0.2"})

    assert answer.status_code == 403
    assert "Jürgen" not in answer.text
    assert "refused 127.0.0.3" in caplog.text


@pytest.mark.parametrize(
    ("peer", "status"),
    [
        ("10.1.2.3", 200),
        ("::ffff:10.1.2.3", 200),
        ("10.2.0.1", 403),
        ("10.1.2.3.evil", 403),
        ("", 403),
        ("2001:db8::7", 200),
        ("2001:db8::8", 403),
    ],
)
def test_a_proxys_address_is_compared_as_an_address(peer: str, status: int) -> None:
    app = proxied(proxy_addresses=["10.1.0.0/16", "2001:db8::7"])

    assert asked(app, peer=peer, headers={"Remote-User": "ana"})["status"] == status


@pytest.mark.parametrize("name", ["rule:m1", "a\tb", "x" * 61])
def test_a_name_that_no_editor_can_have_is_refused(name: str) -> None:
    assert asked(proxied(), peer="127.0.0.2", headers={"Remote-User": name})["status"] == 403


def test_the_header_twice_is_refused() -> None:
    with served(proxied()) as address, Browser(address, peer="127.0.0.2") as browser:
        answer = browser.get("/", headers=[("Remote-User", "ana"), ("remote-user", "bo")])

    assert answer.status_code == 403


def test_with_a_password_file_roles_are_there_and_others_only_read(password_file: Path) -> None:
    app = proxied(password_file=str(password_file))
    with served(app) as address, Browser(address, peer="127.0.0.2") as browser:
        carl = browser.get("/", headers={"Remote-User": "carl"})
        dora = browser.get("/", headers={"Remote-User": "dora"})

    assert "carl, editor" in carl.text
    assert "dora, reader" in dora.text


# --- the parts ----------------------------------------------------------------


def test_a_session_is_read_only_as_it_was_written() -> None:
    sessions = Sessions(secret=SECRET, hours=1, cookie="s")
    other = Sessions(secret=SECRET[::-1], hours=1, cookie="s")
    session = sessions.begin(NOW, name="ana")
    cookie = sessions.header(session, is_secure=False).partition(";")[0]

    assert sessions.read(f"odd cookie; {cookie}", NOW, is_secure=False) == session
    assert other.read(cookie, NOW, is_secure=False) is None
    assert sessions.read(cookie, NOW, is_secure=True) is None
    for n in range(len("s="), len(cookie)):
        changed = f"{cookie[:n]}{'A' if cookie[n] != 'A' else 'B'}{cookie[n + 1 :]}"
        found = sessions.read(changed, NOW, is_secure=False)
        assert found is None or found == session  # the last letter of base64 may be free


def test_a_session_of_nobody_goes_on_while_somebody_works(clock: Clock) -> None:
    sessions = Sessions(secret=SECRET, hours=12, cookie="s")
    session = sessions.begin(NOW)

    assert sessions.renewed(session, NOW + dt.timedelta(hours=5)) == session
    later = sessions.renewed(session, NOW + dt.timedelta(hours=7))

    assert later.ends_at == NOW + dt.timedelta(hours=19)
    assert sessions.csrf(later) == sessions.csrf(session)  # a form that is open stays good


def test_waiting_is_bounded_and_trying_meanwhile_makes_it_no_longer() -> None:
    throttle, now = Throttle(), NOW
    for _ in range(500):
        while wait_s := throttle.wait_s("ana", "192.0.2.1", now):
            assert wait_s <= 60
            assert throttle.wait_s("ana", "192.0.2.1", now) == wait_s
            now += dt.timedelta(seconds=wait_s)
        throttle.failed("ana", "192.0.2.1", now)

    assert throttle.wait_s("ana", "192.0.2.1", now + dt.timedelta(hours=1)) == 0


def test_guesses_from_elsewhere_do_not_lock_out_a_user_who_was_here_before() -> None:
    throttle = Throttle()
    throttle.failed("ana", "home", NOW)
    throttle.succeeded("ana", "home")
    for n in range(1000):
        throttle.failed("ana", f"place {n}", NOW)

    assert throttle.wait_s("ana", "home", NOW) == 0
    assert 0 < throttle.wait_s("Ana ", "elsewhere", NOW) <= 10


def test_guesses_at_many_names_from_one_place_are_slowed() -> None:
    throttle = Throttle()
    for n in range(30):
        throttle.failed(f"name {n}", "192.0.2.1", NOW)

    assert throttle.wait_s("another", "192.0.2.1", NOW) > 30
    assert throttle.wait_s("another", "192.0.2.2", NOW) == 0


def test_an_attack_does_not_fill_the_memory() -> None:
    throttle = Throttle()
    for n in range(3 * ENTRIES):
        throttle.failed(f"name {n}" * 1000, f"place {n}", NOW)
        throttle.succeeded(f"other {n}" * 1000, f"place {n}")

    assert throttle.size() <= 4 * ENTRIES


def test_a_network_of_64_bits_is_one_place() -> None:
    assert hosts.throttle_key("2001:db8::1") == hosts.throttle_key("2001:db8::ffff:1")
    assert hosts.throttle_key("192.0.2.1") != hosts.throttle_key("192.0.2.2")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"PROXY_ADDRESSES": '["10.0.0.0/33"]'}, "neither an address such as 10.0.0.7"),
        ({"PROXY_ADDRESSES": '["proxy.example.org"]'}, "neither an address"),
        ({"PROXY_USER_HEADER": "Remote User"}, "the name of a header is expected"),
        ({"LANGUAGE": "fr"}, "must be 'auto', 'de' or 'en'"),
        ({"PORT": "0"}, "must be greater"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, str], said: str) -> None:
    environment = {f"HARVESTER_REVIEW__{key}": text for key, text in given.items()}

    with pytest.raises(BadConfiguration, match=said):
        load(environment=environment)


def test_a_name_that_there_is_not_takes_as_long_as_one_that_there_is(password_file: Path) -> None:
    accounts = users.Accounts(password_file)

    def cost(name: str) -> float:
        began = time.process_time()  # the work, however busy the machine is
        accounts.verify(name, "a wrong password")
        return time.process_time() - began

    cost("ana")
    known = cost("ana")
    for name in ("nobody", "carl"):
        assert 0.4 < cost(name) / known < 2.5


# --- the password file --------------------------------------------------------


def test_a_password_is_kept_as_a_slow_hash_that_only_its_owner_can_read(tmp_path: Path) -> None:
    file = tmp_path / "users"

    assert not users.save(file, " ana ", PASSWORD, UserRole.EDITOR)
    assert users.save(file, "ana", "another good password", UserRole.READER)

    [line] = file.read_text(encoding="utf-8").splitlines()
    assert line.startswith("ana:reader:$argon2id$v=19$m=65536,")
    assert "another" not in line
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "rule:m", "a\nb", "x" * 61, "a:b"])
def test_a_name_that_would_break_the_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        users.save(tmp_path / "users", name, PASSWORD, UserRole.EDITOR)


@pytest.mark.parametrize("password", ["", "short", "x" * 513])
def test_a_password_that_is_too_short_or_too_long_is_refused(tmp_path: Path, password: str) -> None:
    with pytest.raises(BadInput, match="10 to 512"):
        users.save(tmp_path / "users", "ana", password, UserRole.EDITOR)


@pytest.mark.parametrize(
    "line", ["ana", "ana:admin:-", "ana:editor:geheim", ":editor:-", "ana:editor:$2y$10$abc"]
)
def test_a_line_that_is_not_in_order_is_named_without_what_it_holds(
    tmp_path: Path, line: str
) -> None:
    file = tmp_path / "users"
    file.write_text(f"# users\nbo:reader:-\n{line}\n", encoding="utf-8")

    with pytest.raises(BadConfiguration, match="line 3") as raised:
        users.read(file)
    assert "geheim" not in str(raised.value)


def test_a_missing_password_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="harvester review password NAME"):
        page(password_file=str(tmp_path / "users"))
