import pytest

from harvester.harvest.listing import Batches, Listing
from harvester.records import Availability
from tests.build import NOW, playlist_item


def listing(**given: object) -> Listing:
    fields: dict[str, object] = {"since": NOW, "is_full": True}
    return Listing(**fields | given)  # type: ignore[arg-type]


def take(
    book: Listing, *ids: str, to: str | None, known: str = "", total: int | None = None
) -> None:
    """Enter a page of these videos that leads to another page."""
    book.take(
        [playlist_item(each) for each in ids], next_token=to, total=total, known=known.split()
    )


def test_a_full_listing_ends_where_there_is_no_next_page() -> None:
    book = listing()

    take(book, "a", "b", to="2", known="a b")
    assert (book.is_read, book.token) == (False, "2")

    take(book, "c", to=None)
    assert book.is_read


@pytest.mark.parametrize(
    ("ids", "known", "ends"),
    [
        (["a", "b"], "a b", True),
        (["a", "b"], "b", False),  # one more page, for the order is not documented
        (["a", "b"], "", False),
        ([], "", False),  # a page without items tells nothing
    ],
)
def test_a_listing_of_the_newest_ends_with_a_page_of_known_videos(
    ids: list[str], known: str, ends: bool
) -> None:
    book = listing(is_full=False)

    take(book, *ids, to="2", known=known)

    assert book.is_read is ends


def test_a_page_is_stored_when_it_and_all_before_it_are() -> None:
    book = listing()
    for token, to, ids in [(None, "2", "a"), ("2", "3", "b"), ("3", None, "c")]:
        take(book, ids, to=to)
        book.waits_for(token, ids)

    assert not book.stored(["c"])
    assert book.reached is None
    assert not book.stored(["a"])  # the first page has no token
    assert book.stored(["b"])
    assert book.reached == "3"


def test_a_page_of_which_nothing_is_asked_for_is_stored_at_once() -> None:
    book = listing(token="7")
    take(book, "a", to="8", known="a")
    book.waits_for("7", [])
    take(book, "b", to="9", known="b")
    book.waits_for("8", [])

    assert book.stored([])
    assert book.reached == "8"


@pytest.mark.parametrize(
    ("totals", "gaps"), [([9, 9], False), ([9, 10], False), ([9, 8], True), ([None, 8], False)]
)
def test_a_list_that_shrinks_while_it_is_read_may_have_gaps(
    totals: list[int | None], gaps: bool
) -> None:
    book = listing()

    for page, total in enumerate(totals):
        take(book, f"video-{page}", to=f"{page + 2}", total=total)

    assert book.has_gaps is gaps


def test_a_token_that_comes_again_ends_the_listing_but_does_not_complete_it() -> None:
    book = listing()
    take(book, "a", to="2")
    take(book, "b", to="3")

    take(book, "c", to="2")

    assert book.is_read
    assert book.has_gaps
    assert set(book.items) == {"a", "b", "c"}


def test_a_listing_that_starts_again_forgets_what_it_was_resumed_from() -> None:
    book = listing(token="7")
    assert book.was_resumed

    book.starts_again()

    assert book.starts_at_the_top
    assert not book.was_resumed
    take(book, "a", to="7")
    assert not book.is_read


def test_an_absent_first_page_means_no_videos_and_an_absent_later_one_a_gap() -> None:
    empty, broken = listing(), listing(token="7")

    empty.ends_here()
    broken.ends_here()

    assert (empty.is_read, empty.has_gaps) == (True, False)
    assert (broken.is_read, broken.has_gaps) == (True, True)


def test_placeholders_of_the_list_are_remembered() -> None:
    book = listing()
    gone = playlist_item("a", placeholder=Availability.PRIVATE)
    book.take([gone], next_token=None, total=1, known=[])

    assert book.placeholder("a") is Availability.PRIVATE
    assert book.placeholder("b") is None


# --- batches --------------------------------------------------------------------


def ids(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def test_new_videos_are_asked_for_before_those_that_are_due() -> None:
    batches = Batches()
    batches.add(ids("due", 30))
    batches.add(ids("new", 30), is_new=True)

    first = batches.next()

    assert first == ids("new", 30) + ids("due", 20)
    assert batches.next() == ids("due", 30)[20:]
    assert len(batches) == 0


def test_an_id_is_asked_for_once_and_once_more_if_it_was_not_returned() -> None:
    batches = Batches()
    batches.add(["a", "b", "a"])
    batches.add(["b"], is_new=True)
    assert batches.next() == ["a", "b"]

    assert batches.ask_again(["b"]) == []
    batches.add(["b"])
    assert batches.next() == ["b"]
    assert batches.ask_again(["b"]) == ["b"]

    assert batches.next() == []


def test_what_is_awaited_goes_down_to_nothing() -> None:
    batches = Batches()
    batches.add(["a", "b", "c"])
    assert (batches.awaited, batches.answered) == ({"a", "b", "c"}, 0)

    batches.settle(["a", "c"])

    assert (batches.awaited, batches.answered) == ({"b"}, 2)


def test_there_is_room_in_the_last_batch_but_once() -> None:
    batches = Batches()
    batches.add(ids("new", 3), is_new=True)

    assert batches.room() == 47
    batches.add(ids("old", 47))
    assert batches.next() == ids("new", 3) + ids("old", 47)
    batches.add(["late"])
    assert batches.room() == 0


def test_second_tries_alone_are_not_filled_up() -> None:
    batches = Batches()
    batches.add(["a"])
    batches.next()
    batches.ask_again(["a"])

    assert batches.room() == 0


def test_batches_with_new_videos_are_told_from_others() -> None:
    batches = Batches()
    batches.add(["due"])
    batches.add(["new"], is_new=True)

    assert batches.holds_new(["due", "new"])
    assert not batches.holds_new(["due"])


def test_a_listing_that_shifted_is_gone_on_with_at_the_top() -> None:
    book = listing(token="2")
    take(book, "a", to="3", total=9)
    book.waits_for("2", [])
    take(book, "b", to="4", total=8)
    book.waits_for("3", ["b"])

    assert book.stored([])
    assert book.reached is None
    assert not book.stored(["b"])
    assert book.reached is None


def test_placeholders_are_those_that_were_listed_so() -> None:
    book = listing()
    book.take(
        [playlist_item("a"), playlist_item("b", placeholder=Availability.PRIVATE)],
        next_token=None,
        total=2,
        known=(),
    )

    assert book.placeholders == {"b": Availability.PRIVATE}
