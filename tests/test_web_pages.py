"""The pages, as an editor without JavaScript sees them: on the demo, through the whole program."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from click.testing import CliRunner
from starlette.applications import Starlette

from harvester import resources
from harvester.cli import cli
from harvester.linkage.model import load as load_model
from harvester.records import EventStatus, Link, Role
from harvester.review import acts
from harvester.review.acts import Say
from harvester.review.decided import decided as decided_ones
from harvester.review.desk import Desk
from harvester.settings import system_user
from harvester.store import reads_people, reads_review
from harvester.store.database import Database
from harvester.web import app as web_app
from harvester.web import users
from harvester.web.app import create_app
from harvester.web.users import UserRole
from tests import serving
from tests.serving import SECRET, Browser, Clock, served

CSS = (web_app.STATIC / "review.css").read_text(encoding="utf-8")
TIE = "demo-zwk-032"  # the same title at two dates
TAKEN = "demo-zwk-014"  # a talk that another video shows in full
PLAIN = "demo-zwk-027"  # one likely proposal
LINKED = "demo-zwk-005"  # linked by rule to three talks, which its chapters name
SURE = "demo-zwk-031"  # linked by rule to an event
PAGES = (
    "/",
    "/queue",
    "/queue?level=none&order=title",
    "/queue?q=demo-zwk-005",
    "/decided",
    "/decided?by=rule&q=fachdiskurs",
    f"/video/{TIE}",
    f"/video/{TAKEN}?blind=1",
    f"/video/{LINKED}",
    f"/video/{TIE}?find=fachdiskurs",
    f"/video/{TIE}/talks?event=zwk-fachdiskurs-2022",
    f"/video/{TIE}/new-event",
    "/bulk",
    "/missing",
    "/missing?status=upcoming",
    "/sample",
    "/activity",
    "/help",
    "/there-is-no-such-page",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(cli, ["demo"])
    assert result.exit_code == 0, result.stderr
    return folder / "zwk-demo.db"


@pytest.fixture
def database(demo: Path, tmp_path: Path) -> Iterator[Database]:
    file = shutil.copy(demo, tmp_path / "demo.db")
    with closing(Database(f"sqlite:///{file}")) as opened:
        yield opened


def application(database: Database, **review: Any) -> Starlette:
    model = load_model((resources.config() / "linkage.toml").read_text(encoding="utf-8"))
    return create_app(
        database, settings=serving.settings(**review), model=model, clock=Clock(), secret=SECRET
    )


class Editor(Browser):
    """Somebody with a browser of few words: follows links, presses buttons."""

    def __init__(self, address: str, language: str = "en") -> None:
        origin = {"Origin": address, "Accept-Language": language}
        super().__init__(address, headers=origin, follow_redirects=True)

    def look(self, path: str) -> "Page":
        """Load a page."""
        return Page(self.get(path))

    def press(self, page: "Page", label: str, **fields: str | list[str]) -> "Page":
        """Press the button whose label begins so, with the form that it belongs to."""
        button, form = page.button(label)
        data: dict[str, str | list[str]] = dict(form.values)
        data |= fields
        if button.get("name"):
            data[button["name"]] = button.get("value", "")
        return Page(self.post(form.action, data=data))


class Form:
    def __init__(self, action: str) -> None:
        self.action = action
        self.values: dict[str, str | list[str]] = {}

    def add(self, name: str, value: str) -> None:
        there = self.values.get(name)
        if there is None:
            self.values[name] = value
        else:
            self.values[name] = [*(there if isinstance(there, list) else [there]), value]


class Page(HTMLParser):
    """A page taken apart: elements, forms, labels, text."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.status, self.html = response.status_code, response.text
        self.url = response.url.raw_path.decode()
        self.headers = response.headers
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self.buttons: list[tuple[str, dict[str, str], Form | None]] = []
        self._open: Form | None = None
        self._label: list[str] | None = None
        self._select = ""
        self.feed(self.html)
        self.close()
        self.text = " ".join(re.sub(r"<[^>]*>", " ", self.html).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag == "form":
            self._open = Form(given.get("action", ""))
            self.forms.append(self._open)
        elif tag == "button":
            self._label = []
            self.buttons.append(("", given, self._open))
        elif tag == "select":
            self._select = given.get("name", "")
        elif self._open is not None and tag == "option" and "selected" in given:
            self._open.add(self._select, given.get("value", ""))
        elif self._open is not None and tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in given:
                self._open.add(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "button" and self._label is not None:
            _, given, form = self.buttons[-1]
            self.buttons[-1] = (" ".join("".join(self._label).split()), given, form)
            self._label = None

    def handle_data(self, data: str) -> None:
        if self._label is not None:
            self._label.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [given for name, given in self.elements if name == tag]

    def button(self, label: str) -> tuple[dict[str, str], Form]:
        for text, given, form in self.buttons:
            if text.startswith(label):
                if "form" in given:
                    at = [f.get("id") for f in self.all("form")].index(given["form"])
                    form = self.forms[at]
                assert form is not None
                return given, form
        raise AssertionError(f"no button {label!r} among {[b[0] for b in self.buttons]}")

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.html, re.DOTALL)
        assert found
        return " ".join(re.sub(r"<[^>]*>", "", found[1]).split())


@pytest.fixture
def editor(database: Database) -> Iterator[Editor]:
    with served(application(database)) as address, Editor(address) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    """Where pages are served that nobody changes anything on."""
    database = Database(f"sqlite:///{demo}")
    with closing(database), served(application(database)) as address:
        yield address


@pytest.fixture
def reader(address: str) -> Iterator[Editor]:
    """Somebody who only looks."""
    with Editor(address) as opened:
        yield opened


def decided(database: Database, video_id: str) -> reads_people.Decision | None:
    with database.read() as session:
        return reads_people.decision_in_force(session, video_id)


# --- every page -----------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_its_landmarks_one_heading_and_a_name_for_every_control(
    reader: Editor, path: str
) -> None:
    page = reader.look(path)

    assert page.status == (404 if "no-such" in path else 200)
    tags = [tag for tag, _ in page.elements]
    assert [tags.count(tag) for tag in ("main", "h1", "header", "footer", "title")] == [1] * 5
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("a")[0]["href"] == "#main"
    ids = [given["id"] for _, given in page.elements if "id" in given]
    assert len(ids) == len(set(ids))
    labels = {given.get("for") for given in page.all("label")}
    for tag, given in page.elements:
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden",):
            is_inside_label = given.get("type") == "checkbox" and given.get("name")
            assert given.get("id") in labels or is_inside_label, given
    for name in ("aria-labelledby", "aria-describedby"):
        for _, given in page.elements:
            assert set(given.get(name, "").split()) <= set(ids), given
    for tag, given in page.elements:
        if tag == "th":
            assert given.get("scope") in ("row", "col")
    assert tags.count("table") == tags.count("caption")
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_content_security_policy_forbids(reader: Editor, path: str) -> None:
    page = reader.look(path)

    assert "script-src 'self'" in page.headers["content-security-policy"]
    for tag, given in page.elements:
        assert "style" not in given, given
        assert not [name for name in given if name.startswith("on")], given
        if tag == "script":
            assert given["src"] == "/static/review.js"
    assert re.findall(r"<script[^>]*>([^<]*)</script>", page.html) == [""]
    assert "<style" not in page.html


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_german_for_who_reads_german(address: str, path: str) -> None:
    with Editor(address, "de-DE,de;q=0.9") as editor:
        page = editor.look(path)

    assert page.all("html")[0]["lang"] == "de"
    assert "Zum Inhalt" in page.text
    assert page.headers["content-language"] == "de"


def test_the_language_can_be_switched_and_one_stays_where_one_was(reader: Editor) -> None:
    german = reader.press(reader.look("/queue?level=weak"), "Deutsch")

    assert german.url == "/queue?level=weak"
    assert german.all("html")[0]["lang"] == "de"
    assert reader.press(german, "English").all("html")[0]["lang"] == "en"


# --- the queue ------------------------------------------------------------------------


def test_a_facet_is_a_link_with_a_number_that_comes_true(reader: Editor) -> None:
    page = reader.look("/queue")
    found = re.search(r'href="(/queue\?level=weak)".*?class="count">(\d+)<', page.html, re.DOTALL)
    assert found

    narrowed = reader.look(found[1])

    assert f"{found[2]} videos" in narrowed.text
    chosen = [g for g in narrowed.all("a") if g.get("aria-current") == "true"]
    assert "/queue" in [g["href"] for g in chosen]  # the link takes the facet off again


def test_a_filter_goes_along_from_card_to_card(editor: Editor) -> None:
    page = editor.look("/queue?level=weak&order=title")
    first = next(g["href"] for g in page.all("a") if g["href"].startswith("/video/"))

    card = editor.look(first)
    after = editor.press(card, "Later")

    assert parse_qs(urlsplit(after.url).query)["level"] == ["weak"]
    assert "level=weak" in next(g["href"] for g in after.all("a") if g.get("rel") == "next")


def test_a_page_behind_the_last_one_is_the_last_one(reader: Editor) -> None:
    assert reader.look("/queue?page=99999").text == reader.look("/queue").text


@pytest.mark.parametrize("path", ["/queue", "/bulk"])
def test_a_talk_without_a_title_is_named_by_its_kind_and_speakers(
    reader: Editor, path: str
) -> None:
    page = reader.look(path)

    assert "› short talk, Prof. Dr. Milena Riede" in page.text


# --- what is decided --------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [LINKED, f"https://youtu.be/{LINKED}", f"youtube.com/watch?v={LINKED}&t=5"]
)
def test_a_decided_video_is_found_in_the_queue_by_its_id_or_any_address(
    reader: Editor, typed: str
) -> None:
    page = reader.look(f"/queue?{urlencode({'q': typed})}")

    assert "Decided already" in page.text
    assert f"/video/{LINKED}#card" in [given["href"] for given in page.all("a")]


def test_words_that_nothing_waiting_has_are_looked_for_among_what_is_decided(
    reader: Editor, database: Database
) -> None:
    with database.read() as session:
        found = reads_people.explanation(session, SURE)
    assert found is not None
    assert found.title
    page = reader.look(f"/queue?{urlencode({'q': found.title.upper()})}")

    assert f"/video/{SURE}#card" in [given["href"] for given in page.all("a")]


def test_a_video_that_was_put_off_is_found_by_its_id(editor: Editor) -> None:
    editor.press(editor.look(f"/video/{PLAIN}"), "Later")

    page = editor.look(f"/queue?q={PLAIN}")

    assert f"/video/{PLAIN}#card" in [given["href"] for given in page.all("a")]
    assert "Decided already" not in page.text


def test_what_is_decided_is_listed_by_rule_and_by_person(editor: Editor) -> None:
    editor.press(editor.look(f"/video/{PLAIN}"), "Yes, this ")

    def listed(path: str) -> list[str]:
        links = (given["href"] for given in editor.look(path).all("a"))
        return [each.split("/")[2][:-5] for each in links if re.fullmatch("/video/.*#card", each)]

    everything = listed("/decided")
    assert everything[0] == PLAIN  # the newest first
    assert listed("/decided?by=person") == [PLAIN]
    assert listed("/decided?by=rule") == everything[1:]
    assert listed(f"/decided?q={PLAIN}") == [PLAIN]
    assert listed(f"/decided?q={PLAIN}&by=rule") == []


def test_who_mends_a_decided_video_sees_it_mended_and_finds_the_way_back(
    editor: Editor, database: Database
) -> None:
    page = editor.look(f"/video/{SURE}")
    assert "/decided" in [given["href"] for given in page.all("a")]

    page = editor.press(page, "Only an excerpt of it")

    assert page.url.startswith(f"/video/{SURE}?done=")
    assert "linked to" in page.text
    decision = decided(database, SURE)
    assert decision is not None
    assert [link.role for link in decision.links] == [Role.EXCERPT]


def test_decided_videos_come_in_pages_that_leave_none_out(database: Database) -> None:
    with database.read() as session:
        catalogue = Desk(database).catalogue()
        together = decided_ones(session, catalogue, per_page=1000)
        paged, before = [], None
        while True:
            page = decided_ones(session, catalogue, before=before, per_page=7)
            paged += page.rows
            if (before := page.older) is None:
                break

    assert together.older is None
    assert paged == together.rows
    assert len(paged) > 14


def test_a_decided_video_is_found_by_the_name_of_its_event_and_talk(database: Database) -> None:
    with database.read() as session:
        catalogue = Desk(database).catalogue()
        for each in decided_ones(session, catalogue, per_page=1000).rows:
            [*shows] = each.shows
            found = decided_ones(session, catalogue, shows[0].event_title, per_page=1000).rows
            assert each.video_id in [other.video_id for other in found], shows[0].event_title


# --- the card -------------------------------------------------------------------------


def test_the_card_shows_every_stored_term_and_their_sum(editor: Editor, database: Database) -> None:
    page = editor.look(f"/video/{TIE}")
    with database.read() as session:
        explained = reads_people.explanation(session, TIE)

    assert explained is not None
    assert explained.linking is not None
    for candidate in explained.linking.candidates:
        assert sum(term.weight for term in candidate.terms) == pytest.approx(candidate.match_weight)
        for term in candidate.terms:
            assert f"{abs(term.weight):.1f}" in page.text


def test_every_key_has_a_button_or_link_that_shows_it(reader: Editor) -> None:
    page = reader.look(f"/video/{TIE}")

    keys = {key for _, given in page.elements for key in given.get("data-key", "").split()}

    assert keys >= {"j", "n", "k", "e", "d", "s", "z", "/", "b", "?", "1", "2"}


def test_the_key_for_a_second_upload_leads_to_the_search_where_no_video_is_the_first(
    editor: Editor, database: Database
) -> None:
    def of_key_d() -> tuple[str, dict[str, str]]:
        [found] = [e for e in editor.look(f"/video/{PLAIN}").elements if "d" in _keys(e[1])]
        return found

    before = of_key_d()
    [(shown, talk)] = _first_proposal(editor.look(f"/video/{PLAIN}"))
    link = Link(event_id=shown, talk_id=talk)
    said = Say(video_id="demo-zwk-048", what="match", links=(link,))
    acts.say(database, [said], editor="Berta", now=Clock()())
    tag, after = of_key_d()

    assert (before[0], before[1]["href"], before[1]["data-goes"]) == ("a", "#other", "find")
    assert tag == "button"
    assert "role=duplicate" in after["value"]


def _keys(given: dict[str, str]) -> list[str]:
    return given.get("data-key", "").split()


def _first_proposal(page: Page) -> list[tuple[str, str | None]]:
    """Return event and talk of the button with the key J."""
    values = [given["value"] for given in page.all("button") if "j" in _keys(given)]
    found = [dict(parse_qsl(value.partition("?")[2])) for value in values]
    return [(each["event"], each.get("talk")) for each in found]


def test_enter_accepts_nothing_that_is_not_sure(reader: Editor) -> None:
    for video_id in (TIE, TAKEN, PLAIN):
        assert "data-enter" not in reader.look(f"/video/{video_id}").html


def forget_the_rule(database: Database) -> None:
    """Leave the proposals as they are, and no decision: as if the rule proposed only."""
    with database.migrating() as connection:
        connection.exec_driver_sql("DELETE FROM decision_link")
        connection.exec_driver_sql("DELETE FROM decision")


def test_enter_accepts_what_the_rule_itself_would_link(editor: Editor, database: Database) -> None:
    forget_the_rule(database)

    page = editor.look(f"/video/{SURE}")

    [given] = [given for _, given, _ in page.buttons if "data-enter" in given]
    assert "j" in given["data-key"].split()


def test_talks_that_the_chapters_name_are_linked_with_one_button(
    editor: Editor, database: Database
) -> None:
    forget_the_rule(database)

    editor.press(editor.look(f"/video/{LINKED}"), "Yes, with 3 talks and their times")

    decision = decided(database, LINKED)
    assert decision is not None
    assert [(link.start_s, link.end_s) for link in decision.links] == [
        (510, 1260),
        (1260, 3850),
        (3850, 8445),
    ]


def test_who_may_only_read_sees_everything_and_no_button_that_changes(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "users"
    users.save(file, "ana", None, UserRole.EDITOR)
    proxied = {"proxy_user_header": "Remote-User", "proxy_addresses": ("127.0.0.1",)}
    app = application(database, password_file=str(file), **proxied)

    with served(app) as address, Editor(address) as reader:
        reader.headers["Remote-User"] = "leser"
        for path in ("/", "/queue", f"/video/{TIE}?find=fachdiskurs", "/missing", "/sample"):
            page = reader.look(path)
            posts = [form["action"] for form in page.all("form") if form.get("method") == "post"]
            assert posts == ["/language"], path
            assert not [given for _, given, _ in page.buttons if given.get("form")], path
        assert "wait for an editor’s answer" in reader.look("/").text
        assert reader.look("/bulk").status == 403
        reader.headers["Remote-User"] = "ana"
        assert reader.look("/bulk").status == 200


def test_yes_links_the_video_and_shows_the_next_one(editor: Editor, database: Database) -> None:
    after = editor.press(editor.look(f"/video/{PLAIN}"), "Yes, this ")

    decision = decided(database, PLAIN)
    assert decision is not None
    assert (decision.verdict, decision.decided_by) == ("match", system_user())
    assert after.url.startswith("/video/")
    assert PLAIN not in after.url
    assert re.search(
        "“Werkstatttreffen in Frankfurt – Impressionen” linked to .*Frankfurt.* 24 videos left",
        after.text,
    )


def test_what_was_linked_is_named_with_its_talk_and_role_and_what_is_left_of_the_selection(
    editor: Editor,
) -> None:
    after = editor.press(editor.look(f"/video/{TAKEN}?level=medium"), "Yes, a second upload")

    [told] = re.findall(r"data-said>([^<]*)<", after.html)
    assert re.fullmatch(
        r"“.*” linked to .*, \d+ .* › .* \(a further upload\)\. \d+ left in this selection\.", told
    )


def test_undo_after_a_reload_opens_the_video_again(editor: Editor, database: Database) -> None:
    editor.press(editor.look(f"/video/{PLAIN}"), "Yes, this ")

    back = editor.press(editor.look("/video/" + TIE), "Undo")

    assert decided(database, PLAIN) is None
    assert f"/video/{PLAIN}" in back.url
    assert "Taken back" in back.text


def test_no_rules_a_pair_out_and_shows_the_next_proposal(editor: Editor) -> None:
    before = editor.look(f"/video/{TIE}")
    proposed = re.findall(
        r'id="proposal-1">.*?</h3>\s*.*?<p class="muted">([^<]*)·', before.html, re.DOTALL
    )

    after = editor.press(before, "No, not this one")

    assert f"/video/{TIE}" in after.url
    assert "1 event ruled out" in after.text
    assert proposed != re.findall(
        r'id="proposal-1">.*?</h3>\s*.*?<p class="muted">([^<]*)·', after.html, re.DOTALL
    )


def test_after_a_no_the_reason_is_no_longer_that_of_the_first_proposal(editor: Editor) -> None:
    after = editor.press(editor.look(f"/video/{TIE}"), "No, not this one")

    assert "two events or talks fit" not in after.text
    assert "the first proposal has been ruled out" in after.text
    assert "the first proposal has been ruled out" in editor.look("/queue?reason=ruled_out").text
    assert TIE in editor.look("/queue?reason=ruled_out").html


@pytest.mark.parametrize("video_id", [TIE, TAKEN, PLAIN, "demo-zwk-049"])
def test_who_judges_blind_is_told_nothing_of_how_likely_it_is(
    reader: Editor, video_id: str
) -> None:
    page = reader.look(f"/video/{video_id}?blind=1")

    for word in ("likely", "left open", "nearest", "fit about equally"):
        assert word not in re.sub("<article.*</article>", "", page.html, flags=re.DOTALL), word
    [form] = [form for form in page.forms if form.action.endswith("/decide")]
    assert not [g for _, g, _ in page.buttons if g.get("class") == "primary" and "form" in g]
    assert form.values["seen"]


def test_j_does_what_the_first_button_says_also_of_a_second_upload(reader: Editor) -> None:
    page = reader.look(f"/video/{TAKEN}")

    [given] = [g for _, g, _ in page.buttons if "j" in g.get("data-key", "").split()]
    assert "role=duplicate" in given["value"]
    first = next(g for _, g, _ in page.buttons if g.get("form") == "say")
    assert first == given


@pytest.mark.parametrize("path", [path for path in PAGES if "no-such" not in path])
def test_every_page_has_undo_and_says_so_where_there_is_nothing_to_undo(
    reader: Editor, path: str
) -> None:
    page = reader.look(path)
    assert "z" in [given.get("data-key") for _, given, _ in page.buttons]

    after = reader.press(page, "Undo")

    assert after.url.split("?")[0] == path.split("?")[0]
    assert "There is nothing of yours to take back." in after.text


def test_the_sample_shows_times_and_role_since_they_are_judged_too(
    editor: Editor, database: Database
) -> None:
    with database.migrating() as connection:
        connection.exec_driver_sql(
            "UPDATE decision_link SET start_s = 61, end_s = 125, role='part'"
        )

    page = editor.look("/sample")

    assert "1:01–2:05" in page.text
    assert "one of several parts" in page.text


def test_a_note_is_kept_whole_or_refused(editor: Editor, database: Database) -> None:
    lines = "\r\n".join(["x" * 38] * 51)  # 1,988 characters, or 2,038 as browsers send them
    page = editor.look(f"/video/{PLAIN}")

    refused = editor.press(page, "image film", note="x" * 2001)
    assert refused.status == 409
    assert "2,000" in refused.text
    editor.press(page, "image film", note=lines)

    with database.read() as session:
        [line, *_] = reads_review.history(session, PLAIN)
    assert line.note == lines.replace("\r\n", "\n")


def test_no_event_is_kept_with_its_reason_and_a_note(editor: Editor, database: Database) -> None:
    editor.press(editor.look(f"/video/{PLAIN}"), "image film", note="ein Imagefilm")

    with database.read() as session:
        [line, *_] = reads_review.history(session, PLAIN)
    assert (line.what, line.reason, line.note) == ("no_event", "image_film", "ein Imagefilm")


def test_a_second_upload_is_offered_where_another_video_shows_the_talk(
    editor: Editor, database: Database
) -> None:
    editor.press(editor.look(f"/video/{TAKEN}"), "Yes, a second upload")

    decision = decided(database, TAKEN)
    assert decision is not None
    assert [link.role for link in decision.links] == ["duplicate"]


def test_taking_a_talk_makes_the_other_video_wait_again(editor: Editor, database: Database) -> None:
    with database.read() as session:
        before = {row["video_id"] for row in reads_people.view(session, "unmatched_videos")}

    editor.press(editor.look(f"/video/{TAKEN}"), "Yes, and the other video waits again")

    with database.read() as session:
        after = {row["video_id"] for row in reads_people.view(session, "unmatched_videos")}
    assert len(after - before) == 1
    assert before - after == {TAKEN}


def test_an_event_is_found_by_words_and_chosen(editor: Editor, database: Database) -> None:
    found = editor.look(f"/video/{TIE}?find=sangerhausen+zwischenbilanz")
    assert "1 event found" in found.text
    value = urlencode({"event": "sangerhausen-zwischenbilanz-2023"})
    buttons = [b for b in found.buttons if b[1].get("value") == f"match?{value}"]
    assert buttons

    editor.press(found, "Yes, this ", say=f"match?{value}")  # the button's value wins
    assert decided(database, TIE) is not None


def test_scores_are_hidden_for_who_wants_to_judge_by_himself(reader: Editor) -> None:
    page = reader.look(f"/video/{TIE}?blind=1")

    assert page.all("html")[0].get("class") == "blind"
    assert "Show the scores" in page.text
    assert ".blind .score" in CSS


def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten(
    editor: Editor, database: Database
) -> None:
    card = editor.look(f"/video/{PLAIN}")
    acts.say(database, [Say(video_id=PLAIN, what="later")], editor="Berta", now=Clock()())

    told = editor.press(card, "Yes, this ")

    assert told.status == 409
    assert "Berta" in told.text
    assert "Nothing was changed" in told.text
    assert decided(database, PLAIN) is None
    editor.press(told, "Say mine all the same")
    assert decided(database, PLAIN) is not None


def test_a_talk_that_is_taken_is_told_with_the_video_that_has_it(
    editor: Editor, database: Database
) -> None:
    card = editor.look(f"/video/{TAKEN}")
    value = next(b[1]["value"] for b in card.buttons if "role=duplicate" in b[1].get("value", ""))
    form = card.button("Later")[1]

    told = Page(
        editor.post(
            form.action, data=form.values | {"say": value.replace("role=duplicate", "role=full")}
        )
    )

    assert told.status == 409
    assert "Another video shows this already" in told.heading
    editor.press(told, "It is a second upload")
    assert decided(database, TAKEN) is not None


def test_a_button_that_is_none_of_ours_is_refused(editor: Editor, database: Database) -> None:
    card = editor.look(f"/video/{PLAIN}")
    form = card.button("Later")[1]

    for say in ("", "drop", "match", "match?event=nix", "no_event?reason=nix", "match?role=x"):
        answer = editor.post(form.action, data=form.values | {"say": say})
        assert answer.status_code in (400, 409), say
    assert decided(database, PLAIN) is None


def test_what_changed_since_the_decision_is_shown_and_can_be_confirmed(
    editor: Editor, database: Database
) -> None:
    editor.press(editor.look(f"/video/{PLAIN}"), "Yes, this ")
    with database.migrating() as connection:
        connection.exec_driver_sql(
            f"UPDATE video SET title = 'Werkstatttreffen in Kassel – Impressionen'"
            f" WHERE video_id = '{PLAIN}'"
        )

    page = editor.look(f"/video/{PLAIN}?state=look_again")
    assert "Please look again" in page.text
    assert "<td>Werkstatttreffen in <mark>Frankfurt</mark> – Impressionen</td>" in page.html
    assert "<td>Werkstatttreffen in <mark>Kassel</mark> – Impressionen</td>" in page.html
    assert [g for _, g, _ in page.buttons if g.get("data-key") == "c"]
    after = editor.press(page, "It stays as it is")

    assert after.status == 200
    assert "Please look again" not in editor.look(f"/video/{PLAIN}").text


# --- talks, a new event, many at once --------------------------------------------------


def test_several_talks_of_no_event_begin_with_the_search_for_one(editor: Editor) -> None:
    page = editor.look(f"/video/{TIE}/talks?level=none")

    assert page.url == f"/video/{TIE}?level=none"


def test_several_talks_are_linked_with_their_times(editor: Editor, database: Database) -> None:
    page = editor.look(f"/video/{PLAIN}/talks?event=zwk-fachdiskurs-2022")
    ids = [given["value"] for given in page.all("input") if given.get("name") == "pick"]

    wrong = editor.press(
        page, "Link what is", pick=ids[:2], **{f"start-{ids[0]}": "5.", f"end-{ids[1]}": "1"}
    )
    assert wrong.status == 422
    assert f'href="#start-{ids[0]}"' in wrong.html
    assert f"start-{ids[0]}-error" in wrong.html

    editor.press(wrong, "Link what is ticked", **{f"start-{ids[0]}": "0:05"})

    decision = decided(database, PLAIN)
    assert decision is not None
    assert [(link.talk_id, link.start_s, link.end_s) for link in decision.links] == [
        (ids[0].removeprefix("t-"), 5, None),
        (ids[1].removeprefix("t-"), None, 60),
    ]


def test_times_in_a_line_that_is_not_ticked_are_not_lost_silently(
    editor: Editor, database: Database
) -> None:
    page = editor.look(f"/video/{PLAIN}/talks?event=zwk-fachdiskurs-2022")
    ids = [given["value"] for given in page.all("input") if given.get("name") == "pick"]

    told = editor.press(page, "Link what is", pick=ids[:1], **{f"end-{ids[1]}": "1:00"})

    assert told.status == 422
    assert "the line is not ticked" in told.text
    assert f'id="end-{ids[1]}-error"' in told.html
    assert decided(database, PLAIN) is None


def test_what_chapters_filled_in_may_stay_in_a_line_that_is_not_ticked(
    editor: Editor, database: Database
) -> None:
    forget_the_rule(database)
    page = editor.look(f"/video/{LINKED}/talks?event=zwk-fachdiskurs-2022")
    [form] = [each for each in page.forms if each.action.endswith("/talks")]
    ticked = form.values["pick"]
    assert len(ticked) == 3

    editor.press(page, "Link what is", pick=list(ticked[:2]))

    decision = decided(database, LINKED)
    assert decision is not None
    assert len(decision.links) == 2


def test_a_time_behind_the_end_of_the_video_is_said_beside_its_field(editor: Editor) -> None:
    page = editor.look(f"/video/{PLAIN}/talks?event=zwk-fachdiskurs-2022")
    [first, *_] = [given["value"] for given in page.all("input") if given.get("name") == "pick"]

    times = {f"start-{first}": "9:00:00", f"end-{first}": "10:00:00"}
    told = editor.press(page, "Link what is", pick=[first], **times)

    assert told.status == 422
    assert re.search(r"The video is only \d+:\d\d long", told.text)
    assert 'value="10:00:00"' in told.html


def test_a_form_that_came_too_late_keeps_what_was_filled_in_and_can_be_sent_again(
    editor: Editor, database: Database
) -> None:
    page = editor.look(f"/video/{PLAIN}/talks?event=zwk-fachdiskurs-2022")
    [first, *_] = [given["value"] for given in page.all("input") if given.get("name") == "pick"]
    said = Say(video_id=PLAIN, what="match", links=(Link(event_id="zwk-fachdiskurs-2023"),))
    acts.say(database, [said], editor="Berta", now=Clock()())

    told = editor.press(page, "Link what is", pick=[first], **{f"start-{first}": "0:07"})
    assert told.status == 409
    assert "Berta" in told.text
    assert 'value="0:07"' in told.html

    editor.press(told, "Link what is")
    decision = decided(database, PLAIN)
    assert decision is not None
    assert [link.start_s for link in decision.links] == [7]


def test_a_talk_that_is_taken_is_said_in_the_form_of_several(editor: Editor) -> None:
    page = editor.look(f"/video/{PLAIN}/talks?event=zwk-fachdiskurs-2022")
    taken = [
        given["name"] for given in page.all("select") if given.get("name", "")[:7] == "role-t-"
    ]
    [form] = [each for each in page.forms if each.action.endswith("/talks")]
    [name, *_] = [each for each in taken if form.values.get(each) == "duplicate"]

    told = editor.press(page, "Link what is", pick=[name[5:]], **{name: "full"})

    assert told.status == 409
    assert f'id="{name}-error"' in told.html
    assert "Another video shows this talk already" in told.text


def test_a_video_can_be_linked_to_several_events(editor: Editor, database: Database) -> None:
    page = editor.look(f"/video/{TIE}/talks?event=kornwestheim-zwischenbilanz-2023")
    events = ["kornwestheim-zwischenbilanz-2023", "kornwestheim-zwischenbilanz-2022"]

    editor.press(page, "Link what is ticked", pick=[f"e-{event_id}" for event_id in events])

    decision = decided(database, TIE)
    assert decision is not None
    assert [(link.event_id, link.talk_id) for link in decision.links] == [
        (event_id, None) for event_id in sorted(events, reverse=True)
    ]


def test_an_event_that_is_missing_among_several_is_found_on_the_same_form(
    editor: Editor, database: Database
) -> None:
    page = editor.look(f"/video/{TIE}/talks?event=kornwestheim-zwischenbilanz-2023")
    first, other = "e-kornwestheim-zwischenbilanz-2023", "e-zwk-fachdiskurs-2022"
    assert other not in page.html

    found = editor.press(page, "Search", pick=[first], find="fachdiskurs 2022")
    assert found.status == 200
    assert decided(database, TIE) is None, "looking for something links nothing"
    ticked = [i for i in found.all("input") if i.get("name") == "pick" and "checked" in i]
    assert [given["value"] for given in ticked] == [first], "what was ticked stays so"

    editor.press(found, "Link what is ticked", pick=[first, other])

    decision = decided(database, TIE)
    assert decision is not None
    assert {f"e-{link.event_id}" for link in decision.links} == {first, other}


def test_chapters_of_the_description_are_proposed_as_starts(
    editor: Editor, database: Database
) -> None:
    with database.migrating() as connection:
        connection.exec_driver_sql(
            "UPDATE video SET duration_s = 9000, description = '00:00 Begrüßung\n"
            "35:00 Krisenbewältigung durch Nachhaltigkeit, Prof. Dr. Wiltrud Terlau\n"
            f"1:10:00 Ende' WHERE video_id = '{PLAIN}'"
        )

    page = editor.look(f"/video/{PLAIN}/talks?event=zwk-fachdiskurs-2022")

    values = [given.get("value") for given in page.all("input")]
    assert "35:00" in values
    assert "1:10:00" in values
    assert "filled in already" in page.text


def test_a_missing_event_is_made_from_what_the_video_tells(
    editor: Editor, database: Database
) -> None:
    page = editor.look(f"/video/{PLAIN}/new-event")
    form = page.button("Create it")[1]
    assert form.values["title"] == "Werkstatttreffen in Frankfurt – Impressionen"
    assert form.values["start_on"] == "2024-05-14"

    wrong = editor.press(page, "Create it", title="", start_on="30.02.2024", url="javascript:x")
    assert wrong.status == 422
    assert {f'href="#{name}"' for name in ("title", "start_on", "url")} <= set(
        re.findall(r'href="#\w+"', wrong.html)
    )
    assert decided(database, PLAIN) is None

    editor.press(wrong, "Create it", title="Ein Treffen", start_on="14.5.2024", url="")
    decision = decided(database, PLAIN)
    assert decision is not None
    with database.read() as session:
        titles = reads_review.known_events(session, [decision.links[0].event_id])
    assert list(titles.values()) == ["Ein Treffen"]


def test_many_are_accepted_at_once_the_least_likely_first_and_undone_at_once(
    editor: Editor, database: Database
) -> None:
    page = editor.look("/bulk")
    shown = [int(p) for p in re.findall(r"(?:weak|medium|strong), (?:< )?(\d+)%", page.html)]
    assert shown == sorted(shown)
    assert "already shows" in page.text  # the clash is named

    ticked = page.button("Link what is ticked")[1].values["pick"]
    after = editor.press(page, "Link what is ticked")
    assert f"{len(ticked)} videos linked" in after.text
    editor.press(after, "Undo")

    with database.read() as session:
        assert reads_review.acts(session, limit=2)[1].is_undone
    assert decided(database, PLAIN) is None


def test_a_whole_event_that_two_videos_would_show_is_named_and_not_ticked(
    editor: Editor, database: Database
) -> None:
    page = editor.look("/bulk")
    ticked = page.button("Link what is ticked")[1].values["pick"]
    whole = [dict(parse_qsl(each)) for each in ticked if "talk" not in each]
    other = "demo-zwk-048"  # has no likely proposal, so that no line of its own is ticked
    link = Link(event_id=whole[0]["event"])
    said = Say(video_id=other, what="match", links=(link,))
    acts.say(database, [said], editor="Berta", now=Clock()())

    again = editor.look("/bulk")

    videos = [dict(parse_qsl(e))["video"] for e in again.button("Link")[1].values["pick"]]
    assert whole[0]["video"] not in videos
    events = [each["event"] for each in whole]
    assert sorted(set(events)) == sorted(events)
    with database.read() as session:
        title = reads_review.standing(session, [other])[other].title
    assert f"another video already shows this event or talk: {title}" in again.text


def test_tick_all_leaves_unlikely_and_clashing_lines_alone(reader: Editor) -> None:
    page = reader.look("/bulk")
    boxes = [given for given in page.all("input") if given.get("type") == "checkbox"]

    assert "Tick all that are likely" in page.text
    likely = [box for box in boxes if "data-likely" in box]
    assert [box for box in boxes if "checked" in box and box not in likely] == []
    assert [box for box in likely if "aria-describedby" in box] == []
    assert 0 < len(likely) < len(boxes)


def test_a_clash_among_many_is_named_and_nothing_is_linked(
    editor: Editor, database: Database
) -> None:
    page = editor.look("/bulk")
    acts.say(database, [Say(video_id=PLAIN, what="later")], editor="Berta", now=Clock()())

    told = editor.press(page, "Link what is ticked")

    assert told.status == 409
    assert "Nothing was linked" in told.text
    assert len(decided_by(database)) == 0


def decided_by(database: Database) -> list[str]:
    with database.read() as session:
        rows = reads_people.view(session, "recordings")
        return [row["video_id"] for row in rows if row["decided_by"] == system_user()]


def test_more_than_300_at_once_are_refused(reader: Editor) -> None:
    form = reader.look("/bulk").button("Link what is ticked")[1]

    answer = reader.post("/bulk", data=form.values | {"pick": ["video=v&event=e&seen=0"] * 301})

    assert answer.status_code == 413


# --- the other side, the sample, what was done -----------------------------------------


def test_an_event_without_recording_is_noted_in_one_click_and_taken_back(
    editor: Editor, database: Database
) -> None:
    page = editor.look("/missing")
    form = page.button("not recorded")[1]
    event_id = str(form.values["event"])

    after = editor.press(page, "not recorded")

    with database.read() as session:
        assert reads_review.status_of(session, event_id=event_id) is EventStatus.NOT_RECORDED
    editor.press(after, "Undo")
    with database.read() as session:
        assert reads_review.status_of(session, event_id=event_id) is EventStatus.EXPECTED


def test_the_sample_is_blind(reader: Editor) -> None:
    page = reader.look("/sample")

    assert "level-" not in page.html
    assert "why" not in [given.get("class") for given in page.all("table")]
    assert not re.search(r"\d ?%", page.text)


def test_a_link_that_is_judged_wrong_waits_again_and_counts(
    editor: Editor, database: Database
) -> None:
    page = editor.look("/sample")
    video_id = page.button("Wrong")[1].values["video"]

    after = editor.press(editor.press(page, "Wrong"), "Right")

    assert decided(database, str(video_id)) is None
    assert "50.0%" in after.text
    assert "between" in after.text


def test_the_activity_says_what_was_decided(editor: Editor) -> None:
    editor.press(editor.look(f"/video/{PLAIN}"), "Yes, this event")
    title = "Überregionales ZWK-Werkstatttreffen in Frankfurt am Main"
    said = f"Werkstatttreffen in Frankfurt – Impressionen – linked to “{title}”"

    page = editor.look("/activity")
    assert " ".join(re.sub(r"<[^>]*>", "", page.html).split()).count(said) == 2  # also to undo
    assert said in " ".join(re.sub(r"<[^>]*>", "", editor.look("/").html).split())

    editor.press(page, "Undo")
    after = re.sub(r"<[^>]*>", "", editor.get("/activity", headers={"Accept-Language": "de"}).text)
    assert f"Impressionen – zurückgenommen: verknüpft mit „{title}“ (23.–24.04.2024)" in after
    assert f"Impressionen – verknüpft mit „{title}“ (23.–24.04.2024) zurückgenommen" in after


def test_whoever_takes_a_talk_from_another_video_is_told_of_his_own(editor: Editor) -> None:
    page = editor.look(f"/video/{TAKEN}")

    after = editor.press(page, "Yes, and the other video waits again")

    assert "“Zukunftsgerechtigkeit als Leitprinzip" in after.text
    assert "linked to" in after.text


# --- colours --------------------------------------------------------------------------


def palettes() -> list[dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    colours = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", each)) for each in (light, dark)]
    return [colours[0], colours[0] | colours[1]]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, by WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    *((text, ground) for text in ("text", "muted", "accent", "good", "warn", "bad")
      for ground in ("ground", "surface")),
    *(("text", f"{soft}-soft") for soft in ("accent", "good", "warn", "bad")),
    *(("accent", f"{soft}-soft") for soft in ("accent", "good", "warn", "bad")),
    ("accent-text", "accent"),
    ("mark-text", "mark"),
]  # fmt: skip


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_every_colour_can_be_read(palette: dict[str, str]) -> None:
    for text, ground in TEXT:
        assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    for edge in ("edge", "accent", "good", "warn", "bad"):
        for ground in ("ground", "surface"):
            assert contrast(palette[edge], palette[ground]) >= 3, (edge, ground)


def test_the_style_heeds_what_readers_ask_of_their_system() -> None:
    for wish in ("prefers-color-scheme: dark", "prefers-reduced-motion", "forced-colors: active"):
        assert wish in CSS
