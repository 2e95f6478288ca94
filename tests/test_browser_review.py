"""The pages in a real browser, as editors use them: with keys, with a mouse, without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from harvester.records import Role
from harvester.settings import system_user
from harvester.store import reads_cards, reads_people, reads_review
from harvester.web import users
from harvester.web.users import UserRole
from tests.browsing import Review

FIRST = "demo-zwk-029"  # decided quickest: one likely proposal, but not sure enough
SECOND = "demo-zwk-014"  # the next one: another video shows its talk
TIE = "demo-zwk-032"  # the same title at two dates
TAKEN = "demo-zwk-014"  # a talk that another video shows in full …
TAKER = "demo-zwk-013"  # … this one
SURE = "demo-zwk-031"  # linked by rule to an event
LINKED = "demo-zwk-005"  # linked by rule to three talks, which its chapters name
THREE = "demo-zwk-044"  # three events, two of which are proposed
NONE = "demo-zwk-023"  # nothing on record is like it
LAST = "demo-zwk-059"  # of the queue
KEYS = ("j", "n", "1", "2", "k", "e", "t", "d", "s", "z", "Backspace", "/", "b", "?", "Enter")
PASSWORD = "ein langes Passwort"

# counts what keys would do, before it happens
COUNT_CLICKS = """() => {
  window.clicks = 0;
  document.addEventListener("click", (event) => { clicks += 1; event.preventDefault(); }, true);
}"""


def decision(review: Review, video_id: str) -> reads_people.Decision | None:
    with review.database.read() as session:
        return reads_people.decision_in_force(session, video_id)


def verdict(review: Review, video_id: str) -> tuple[str, str | None] | None:
    """What an editor decided: the verdict, and the first event."""
    found = decision(review, video_id)
    if found is None or found.decided_by.startswith("rule:"):
        return None
    return found.verdict, found.links[0].event_id if found.links else None


def reasons(review: Review, video_id: str) -> list[str | None]:
    """What was given as reasons for its having no event."""
    with review.database.read() as session:
        lines = reads_review.history(session, video_id)
    return [line.reason for line in lines if line.what == "no_event"]


def forget_the_rule(review: Review) -> None:
    """Leave the proposals as they are, and no decision: as if the rule proposed only."""
    with review.database.migrating() as connection:
        connection.exec_driver_sql("DELETE FROM decision_link")
        connection.exec_driver_sql("DELETE FROM decision")


def title(review: Review, video_id: str) -> str:
    with review.database.read() as session:
        stored = reads_cards.video(session, video_id)
    assert stored is not None
    return stored.video.title


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name).first


def shows(page: Page, video_id: str) -> None:
    """Wait until the card of a video is there, and its script has begun."""
    expect(page).to_have_url(re.compile(f"/video/{video_id}(?![^?#])"))
    page.wait_for_load_state()


def said(page: Page, sentence: str) -> None:
    """Wait until a screen reader has been told so."""
    expect(page.get_by_role("status")).to_contain_text(sentence)


def clicks(page: Page, *keys: str) -> int:
    """How many elements are clicked by keys, none of which does anything."""
    page.evaluate(COUNT_CLICKS)
    for key in keys:
        page.keyboard.press(key)
    return int(page.evaluate("clicks"))


# --- with the keyboard alone ------------------------------------------------------------


def test_a_queue_is_gone_through_with_the_keyboard_alone(review: Review) -> None:
    page = review.visit("/")
    begin = page.get_by_role("link", name="Begin with the first video")
    for _ in range(20):
        page.keyboard.press("Tab")
        if begin.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    shows(page, FIRST)

    page.keyboard.press("j")  # yes
    shows(page, SECOND)
    said(page, "linked to ")
    page.keyboard.press("k")  # no event: to the reasons
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the second of them
    said(page, "No event")
    third = page.url
    page.keyboard.press("s")  # later
    expect(page).not_to_have_url(third)
    said(page, "Put off")

    assert verdict(review, FIRST) == ("match", "d3kongress-zwk-panel")
    assert reasons(review, SECOND) == ["statement"]

    page.keyboard.press("z")
    said(page, "Taken back")
    assert page.url.split("?")[0] == third.split("?")[0]
    page.keyboard.press("Backspace")  # undo as well
    shows(page, SECOND)
    expect(page.get_by_role("status")).to_contain_text(title(review, SECOND))
    assert verdict(review, SECOND) is None
    page.keyboard.press("?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")


def test_n_rules_this_pair_out_and_a_number_chooses_another_one(review: Review) -> None:
    page = review.visit(f"/video/{TIE}")
    first = page.locator("#proposal-1").locator("xpath=../..")
    before = first.inner_text()

    page.keyboard.press("n")
    said(page, "Not this event")
    shows(page, TIE)
    expect(first).not_to_have_text(before, use_inner_text=True)
    second = page.locator("button[data-key~='2']").get_attribute("value")
    page.keyboard.press("2")
    said(page, "linked to ")

    _, event_id = verdict(review, TIE) or ("", "")
    assert event_id
    assert event_id in (second or "")


def test_slash_searches_all_events(review: Review) -> None:
    page = review.visit(f"/video/{NONE}")

    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("Werkstatttreffen Frankfurt")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    said(page, "linked to ")
    assert verdict(review, NONE) == ("match", "zwk-werkstatttreffen-2024-frankfurt")


def test_d_links_a_second_upload_and_the_first_one_stays(review: Review) -> None:
    page = review.visit(f"/video/{TAKEN}")

    page.keyboard.press("d")
    said(page, "linked to ")

    found, other = decision(review, TAKEN), decision(review, TAKER)
    assert found is not None
    assert other is not None
    assert found.links[0].role == Role.DUPLICATE
    assert found.links[0].talk_id in {link.talk_id for link in other.links}


def test_b_hides_the_scores_from_card_to_card(review: Review) -> None:
    page = review.visit(f"/video/{FIRST}")
    score = page.locator(".score").first
    expect(score).to_be_visible()

    page.keyboard.press("b")
    expect(score).to_be_hidden()
    page.keyboard.press("s")
    shows(page, SECOND)

    expect(page.locator(".score").first).to_be_hidden()


def test_the_focus_lands_on_the_heading_of_the_next_card(review: Review) -> None:
    page = review.visit(f"/video/{FIRST}")

    page.keyboard.press("j")
    shows(page, SECOND)

    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text(title(review, SECOND))


def test_a_screen_reader_is_told_what_was_done_and_how_much_is_left(review: Review) -> None:
    page = review.visit(f"/video/{FIRST}")

    button(page, "Yes, this").click()

    said(page, f"“{title(review, FIRST)}” linked to ")
    said(page, "24 videos left.")


def test_enter_does_nothing_where_the_rule_is_not_sure(review: Review) -> None:
    for video_id in (FIRST, TIE, TAKEN, NONE):
        page = review.visit(f"/video/{video_id}#card")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        assert clicks(page, "Enter") == 0


def test_enter_accepts_where_the_rule_is_sure(review: Review) -> None:
    forget_the_rule(review)
    page = review.visit(f"/video/{SURE}#card")

    page.keyboard.press("Enter")

    said(page, f"“{title(review, SURE)}” linked to ")
    assert verdict(review, SURE) is not None


def test_no_key_acts_while_a_field_has_the_focus(review: Review) -> None:
    page = review.visit(f"/video/{TIE}")
    page.locator("#find").focus()

    assert clicks(page, *(key for key in KEYS if len(key) == 1)) == 0
    expect(page.locator("#find")).to_have_value("jn12ketdsz/b?")


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_no_key_acts_together_with_a_modifier(review: Review, modifier: str) -> None:
    page = review.visit(f"/video/{TIE}")

    assert clicks(page, *(f"{modifier}+{key}" for key in KEYS)) == 0


def test_keys_act_only_as_long_as_they_are_switched_on(review: Review) -> None:
    page = review.visit("/help")
    page.get_by_label("Use keys in this browser").uncheck()

    page.goto(f"/video/{TIE}")
    expect(page.locator("kbd:visible")).to_have_count(0)
    assert clicks(page, *KEYS) == 0

    page.goto("/help")
    page.get_by_label("Use keys in this browser").check()
    page.goto(f"/video/{TIE}")
    assert clicks(page, "j", "n", "2", "s", "z") == 5


# --- with a mouse, and without JavaScript -----------------------------------------------


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_everything_can_be_said_with_buttons_and_without_javascript(
    review: Review, java_script_enabled: bool
) -> None:
    page = review.visit("/", java_script_enabled=java_script_enabled)
    page.get_by_role("link", name="Begin with the first video").click()
    shows(page, FIRST)

    button(page, "Yes, this").click()
    shows(page, SECOND)
    button(page, "Image film").click()
    expect(page.locator("[data-said]")).to_contain_text("No event")

    page.goto(f"/video/{TIE}")
    button(page, "No, not this one").click()
    expect(page.locator("[data-said]")).to_contain_text("Not this event")
    chosen = page.locator("button[data-key='2']")
    value = chosen.get_attribute("value") or ""
    chosen.click()
    expect(page.locator("[data-said]")).to_contain_text("linked to ")

    page.goto(f"/video/{NONE}")
    page.get_by_label("Search all events and talks").fill("Werkstatttreffen Frankfurt")
    page.get_by_label("Search all events and talks").press("Enter")
    button(page, "It is this").click()
    expect(page.locator("[data-said]")).to_contain_text("linked to ")
    page.goto(f"/video/{LAST}")
    button(page, "Later").click()
    expect(page.locator("[data-said]")).to_contain_text("Put off")
    button(page, "Undo").click()
    expect(page.locator("[data-said]")).to_contain_text("Taken back")

    assert verdict(review, FIRST) == ("match", "d3kongress-zwk-panel")
    assert verdict(review, NONE) == ("match", "zwk-werkstatttreffen-2024-frankfurt")
    assert verdict(review, SECOND) == ("no_event", None)
    assert str((verdict(review, TIE) or ("", "?"))[1]) in value
    shows(page, LAST)


def test_undo_takes_back_step_by_step_also_after_a_reload(review: Review) -> None:
    page = review.visit(f"/video/{FIRST}")
    button(page, "Yes, this").click()
    shows(page, SECOND)
    button(page, "Later").click()
    said(page, "Put off")

    page.reload()
    button(page, "Undo").click()
    shows(page, SECOND)
    page.goto("/activity")
    page.reload()
    button(page, "Undo").click()
    shows(page, FIRST)

    expect(page.locator("[data-said]")).to_contain_text("Taken back")
    assert verdict(review, FIRST) is None
    expect(button(page, "Yes, this")).to_be_visible()  # with its candidates


def test_nothing_of_a_bulk_is_written_if_one_line_clashes_and_the_clash_is_named(
    review: Review,
) -> None:
    page = review.visit("/bulk")
    clash = page.get_by_role("checkbox", name=title(review, TAKEN))
    expect(clash).not_to_be_checked()
    expect(clash).to_have_accessible_description(re.compile(re.escape(title(review, TAKER))))

    clash.check()
    button(page, "Link what is ticked").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing was linked")
    expect(page.get_by_role("alert")).to_be_focused()
    assert verdict(review, FIRST) is None

    ticked = page.locator("input[name=pick]:checked").count()
    expect(clash).not_to_be_checked()
    button(page, "Link what is ticked").click()

    said(page, f"{ticked} videos linked")
    assert verdict(review, FIRST) is not None
    assert verdict(review, TAKEN) is None
    page.keyboard.press("z")  # one bulk act is one undo
    said(page, f"{ticked} videos are as before")
    assert verdict(review, FIRST) is None


def test_an_event_that_is_missing_is_made_from_the_video(review: Review) -> None:
    page = review.visit(f"/video/{NONE}")
    page.keyboard.press("e")
    expect(page.get_by_label("Title of the event")).to_have_value(title(review, NONE))

    page.get_by_label("Title of the event").fill("Modellkommunen zu Gast in Barleben")
    page.get_by_label("First day").fill("in September")
    button(page, "Create it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("First day")).to_be_focused()
    page.get_by_label("First day").fill("1.9.2023")
    button(page, "Create it").click()

    said(page, "linked to ")
    page.goto(f"/video/{NONE}")
    expect(page.get_by_role("main")).to_contain_text("Modellkommunen zu Gast in Barleben")
    _, event_id = verdict(review, NONE) or ("", None)
    assert event_id
    assert event_id.startswith("review-")


def test_several_talks_are_linked_with_start_and_end(review: Review) -> None:
    forget_the_rule(review)
    page = review.visit(f"/video/{LINKED}")
    page.keyboard.press("t")
    expect(page.locator("input[name=pick]:checked")).to_have_count(3)  # as the chapters say

    page.get_by_role("checkbox", name="greeting").uncheck()
    end = page.get_by_label("End: keynote")
    end.fill("noon")
    button(page, "Link what is ticked").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(end).to_have_accessible_description(re.compile("35:00"))
    end.fill("2:00:00")
    button(page, "Link what is ticked").click()
    said(page, "linked to ")

    found = decision(review, LINKED)
    assert found is not None
    assert {(link.start_s, link.end_s) for link in found.links} == {(1260, 3850), (3850, 7200)}


def test_a_video_of_three_events_is_linked_to_all_three_also_to_one_not_proposed(
    review: Review,
) -> None:
    page = review.visit(f"/video/{THREE}")
    page.keyboard.press("t")
    for name in ("Grünhöfe", "Surheide"):
        page.get_by_role("checkbox", name=name).check()

    page.get_by_label("Is an event missing here?").fill("Geestendorf")
    page.get_by_label("Is an event missing here?").press("Enter")
    page.get_by_role("checkbox", name="Geestendorf").check()
    button(page, "Link what is ticked").click()
    said(page, "linked to ")

    found = decision(review, THREE)
    assert found is not None
    assert len({link.event_id for link in found.links}) == 3


def test_z_takes_back_also_on_the_list_after_a_reload(review: Review) -> None:
    page = review.visit(f"/video/{FIRST}")
    button(page, "Yes, this").click()
    said(page, "linked to")
    page.goto("/queue")
    page.reload()

    page.keyboard.press("z")

    said(page, "Taken back")
    assert verdict(review, FIRST) is None


def test_after_a_search_in_the_queue_the_focus_is_on_the_count(review: Review) -> None:
    page = review.visit("/queue")
    page.locator("#q").fill("werkstatt")
    page.locator("#q").press("Enter")

    expect(page.locator("#found")).to_be_focused()


def test_z_with_nothing_to_undo_stays_where_one_is_and_says_so(review: Review) -> None:
    page = review.visit(f"/video/{TIE}")

    page.keyboard.press("z")

    said(page, "nothing of yours to take back")
    shows(page, TIE)


def test_c_confirms_what_was_decided_though_something_changed(review: Review) -> None:
    page = review.visit(f"/video/{FIRST}")
    button(page, "Yes, this").click()
    said(page, "linked to")
    with review.database.migrating() as connection:
        connection.exec_driver_sql(
            f"UPDATE video SET title = title || ' neu' WHERE video_id = '{FIRST}'"
        )
    page.goto(f"/video/{FIRST}?state=look_again")

    page.keyboard.press("c")

    page.wait_for_url(lambda url: "done=" in url or "/queue" in url or FIRST not in url)
    page.goto(f"/video/{FIRST}")
    expect(page.get_by_text("Please look again")).to_have_count(0)


def test_the_preview_asks_nothing_of_youtube_before_the_click(review: Review) -> None:
    page = review.visit(f"/video/{FIRST}")
    for path in ("/queue", "/sample", "/bulk", "/missing", f"/video/{FIRST}"):
        page.goto(path)  # until everything has come that the page loads
    assert {url for url in review.requests if not url.startswith(review.address)} == set()

    with page.expect_request(lambda request: "youtube" in request.url) as asked:
        button(page, "Load the preview").click()

    assert asked.value.url == f"https://www.youtube-nocookie.com/embed/{FIRST}"
    expect(page.locator("iframe")).to_have_attribute("title", re.compile(title(review, FIRST)))


# --- several people ---------------------------------------------------------------------


@pytest.fixture
def with_login(review: Review, tmp_path: Path) -> Review:
    """The program with two editors and a reader, who sign in."""
    file = tmp_path / "users"
    for name, role in (("ana", "editor"), ("bea", "editor"), ("leser", "reader")):
        users.save(file, name, PASSWORD, UserRole(role))
    review.serve(password_file=str(file))
    return review


def signed_in(review: Review, name: str, path: str = "/") -> Page:
    page = review.visit(path)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("banner")).to_contain_text(name)
    return page


def test_of_two_editors_the_second_is_told_and_nothing_is_overwritten(with_login: Review) -> None:
    ana = signed_in(with_login, "ana", f"/video/{TIE}")
    bea = signed_in(with_login, "bea", f"/video/{TIE}")

    button(ana, "Yes, this").click()
    said(ana, "linked to ")
    button(bea, "Image film").click()

    expect(bea.get_by_role("heading", level=1)).to_have_text("This has been decided meanwhile")
    expect(bea.get_by_role("heading", level=1)).to_be_focused()
    expect(bea.get_by_role("main")).to_contain_text("ana")
    found = decision(with_login, TIE)
    assert found is not None
    assert (found.verdict, found.decided_by) == ("match", "ana")

    button(bea, "Say mine all the same").click()  # seen, and meant
    said(bea, "No event")
    found = decision(with_login, TIE)
    assert found is not None
    assert (found.verdict, found.decided_by) == ("no_event", "bea")


def test_who_signs_in_comes_to_the_page_that_was_asked_for_and_signs_out(
    with_login: Review,
) -> None:
    page = with_login.visit("/missing")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill("something else")
    button(page, "Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Name or password is wrong.")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("ana")

    with_login.clock.go_on(minutes=5)
    page.get_by_label("Password").fill(PASSWORD)
    button(page, "Sign in").click()
    expect(page).to_have_url(re.compile("/missing$"))

    button(page, "Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/missing")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_reader_sees_everything_and_no_button_that_changes_anything(with_login: Review) -> None:
    page = signed_in(with_login, "leser")

    for path in ("/", "/queue", f"/video/{TIE}", "/missing", "/sample", "/activity"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        changes = page.locator("form[method=post]:not([action='/language'], [action='/logout'])")
        assert changes.count() == 0, path
        assert page.locator("button[form=say]").count() == 0, path
    page.goto(f"/video/{TIE}")
    assert clicks(page, "j", "n", "2", "k", "s", "z", "e", "t", "d", "Enter") == 0


def test_without_a_login_decisions_carry_the_system_users_name(review: Review) -> None:
    page = review.visit(f"/video/{FIRST}")

    button(page, "Yes, this").click()
    said(page, "linked to ")

    found = decision(review, FIRST)
    assert found is not None
    assert found.decided_by == system_user()


# --- for everyone -----------------------------------------------------------------------


def test_the_language_is_the_browsers_until_somebody_switches_it(review: Review) -> None:
    page = review.visit("/queue?level=weak", language="de-AT")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Queue")

    button(page, "English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    expect(page).to_have_url(re.compile(r"/queue\?level=weak$"))
    page.goto("/help")  # and it stays
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")
    button(page, "Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hilfe")

    assert review.visit("/help", language="fr").get_by_role("heading", name="Help").is_visible()


@pytest.mark.parametrize("width", [1280, 1000, 360])
def test_no_control_hides_behind_the_bar_of_actions_when_it_has_the_focus(
    review: Review, width: int
) -> None:
    hidden = """() => {
      const focused = document.activeElement, bar = document.querySelector(".actions");
      const {left, right, top, bottom} = focused.getBoundingClientRect();
      const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return !bar.contains(focused) && bar.contains(there) ? focused.outerHTML : null;
    }"""
    page = review.visit(f"/video/{TIE}", viewport={"width": width, "height": 800})

    found = []
    for _ in range(40):
        page.keyboard.press("Tab")
        found.append(page.evaluate(hidden))

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert set(found) == {None}


def test_who_wants_no_motion_sees_none(review: Review) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return style.transitionDuration !== "0s" || style.animationName !== "none"
        || style.scrollBehavior === "smooth";
    }).length"""
    page = review.visit(f"/video/{TIE}", reduced_motion="no-preference")
    assert page.evaluate(moving) > 0

    for path in ("/", "/queue", f"/video/{TIE}", "/bulk", "/missing", "/sample"):
        page.emulate_media(reduced_motion="reduce")
        page.goto(path)
        assert page.evaluate(moving) == 0, path
