"""Text as it is compared: folded, cut into words, compounds and persons."""

import pytest

from harvester.linkage import text

TITLES = ("Prof", "Dr", "profin", "drin", "in", "med")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Grünhöfe", "GRUENHOEFE"),
        ("Groß Schwiesow", "gross  schwiesow"),
        ("„Arbeiten im Krisenmodus“ – 2022", "„arbeiten im krisenmodus“ - 2022"),
        ("Gothałkowice", "gothalkowice"),
        ("Bu\N{COMBINING DIAERESIS}rger", "Bürger"),  # as macOS writes file names
        ("don’t", "don't"),
        ("Café", "cafe"),
        ("Андрей Дерябин", "Andrey Deryabin"),
        ("Γιάννης", "Giannis"),
    ],
)
def test_what_a_reader_overlooks_is_folded(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other)


def test_folding_again_changes_nothing() -> None:
    once = text.fold("Prof.'in Ägypten – „Größe“ が")

    assert text.fold(once) == once


def test_japanese_voice_marks_are_letters() -> None:
    assert text.fold("が") != text.fold("か")


def test_words_of_a_language_without_blanks_are_pairs() -> None:
    assert text.words(text.fold("Ruby 東京都 2024")) == ("ruby", "東京", "京都", "2024")


def test_a_conference_is_a_conf() -> None:
    ours, theirs = (text.words(text.fold(name)) for name in ("RubyConf", "Ruby Conference"))

    assert set(ours) <= text.terms(theirs)


def test_a_year_or_number_written_onto_a_name_is_a_word_of_its_own() -> None:
    assert text.words(text.fold("RubyKaigi2013 [oedo04] sha256")) == (
        "rubykaigi", "2013", "oedo", "04", "sha256"
    )  # fmt: skip


def test_neighbours_are_also_one_word() -> None:
    assert "herbstkonferenz" in text.terms(("herbst", "konferenz", "2020"))


@pytest.mark.parametrize(
    ("word", "others", "holder"),
    [
        ("diskurs", ["fachdiskurs"], "fachdiskurs"),
        ("innovationsmotor", ["motor"], "motor"),
        ("kommunen", ["kommunal"], None),
        ("rat", ["rathaus"], None),  # too short: everything would be in everything
        ("werkstatt", ["werkstatt"], None),  # the same word is no compound
    ],
)
def test_a_word_is_found_at_the_ends_of_compounds(
    word: str, others: list[str], holder: str | None
) -> None:
    assert text.within_compound(word, others) == holder


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Prof. Dr. Wiltrud Terlau", ("wiltrud", "terlau")),
        ("Prof.'in Dr.'in Milena Riede (Hamburg)", ("milena", "riede")),
        ("Röbke, Thomas", ("thomas", "roebke")),
        ("matz", ("matz",)),
    ],
)
def test_a_person_is_forename_and_surname(name: str, person: tuple[str, ...]) -> None:
    titles = {text.fold(t) for t in TITLES}

    assert text.person(name, titles) == person


def test_a_phrase_is_contained_in_order_only() -> None:
    words = ("alle", "generationen", "im", "blick")

    assert text.contains(words, ("generationen", "im"))
    assert not text.contains(words, ("im", "generationen"))
    assert not text.contains(words, ())


def test_spelling_is_kept_for_the_reader() -> None:
    assert text.spelt("Grünhöfe can't")["gruenhoefe"] == "Grünhöfe"
    assert text.spelt("Grünhöfe can't")["cant"] == "can't"


@pytest.mark.parametrize(
    ("written", "scripts"),
    [
        ("Plain title, 2023", ["LATIN"]),
        ("Über Größe", ["LATIN"]),
        ("Врач для деревни (live)", ["CYRILLIC", "LATIN"]),
        ("空き家を活かすまちづくり", ["CJK"]),
        ("ＬＡＴＩＮ，ｆｕｌｌ", ["LATIN"]),
        ("–…«»", []),
    ],
)
def test_scripts_are_told_apart_the_one_of_most_letters_first(
    written: str, scripts: list[str]
) -> None:
    assert text.scripts(written) == scripts
