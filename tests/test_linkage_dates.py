"""Dates as the ZWK's pages and other titles write them."""

import datetime as dt

import pytest

from harvester.linkage import dates, text


def find(written: str) -> dates.Dates:
    return dates.find(text.fold(written))


def span(first: str, last: str | None = None) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ZWK Fachdiskurs am 23.11.23 in Berlin", span("2023-11-23")),
        ("vom 5.-6. Juli 2022", span("2022-07-05", "2022-07-06")),
        ("Am 9. und 10. Mai 2023", span("2023-05-09", "2023-05-10")),
        ("Dienstag | 22.10.2019 | 10:00 – 11:30 Uhr", span("2019-10-22")),
        ("24./25.11.2022", span("2022-11-24", "2022-11-25")),
        ("24.–25. November 2022", span("2022-11-24", "2022-11-25")),
        ("28.10.–08.12.2020", span("2020-10-28", "2020-12-08")),
        ("2023-05-24 Kornwestheim", span("2023-05-24")),
        ("am Mittwochabend, 24. Mai 2023", span("2023-05-24")),
        ("March 14th, 2025", span("2025-03-14")),
        ("le 12 mai 2016", span("2016-05-12")),
        ("14 de marzo de 2025", span("2025-03-14")),
        ("2014年3月9日", span("2014-03-09")),
        ("30. November bis 1. Dezember 2022", span("2022-11-30", "2022-12-01")),
        ("le 23/11/2023 à Lyon", span("2023-11-23")),
        ("11/23/2023", span("2023-11-23")),
        ("23-11-2023", span("2023-11-23")),
    ],
)
def test_a_full_date_is_a_span(written: str, expected: tuple[dt.date, dt.date]) -> None:
    assert find(written).spans == (expected,)


def test_which_of_two_numbers_is_the_month_is_not_guessed() -> None:
    assert find("06/07/2023") == dates.Dates(years=frozenset({2023}))


@pytest.mark.parametrize(
    "written",
    ["Werkstatt 11.2023", "Werkstatt 11/2023", "Werkstatt 2023/11", "Online-Reihe (2023-11)"],
)
def test_a_month_may_be_a_number(written: str) -> None:
    assert find(written).months == ((2023, 11),)


@pytest.mark.parametrize(
    "written",
    [
        "Saison 2010/11",
        "Rückblick 2009-12",
        "Fassung 2023/11.2",
        "2023/13",
    ],
)
def test_two_years_or_a_longer_number_are_no_month(written: str) -> None:
    assert find(written).months == ()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("am 24. und 25. November", (11, 24, 25)),
        ("am 06. und 07. Dezember", (12, 6, 7)),
        ("17./18. Mai", (5, 17, 18)),
        ("21. - 22. März", (3, 21, 22)),
        ("am Dienstag, dem 20. Maerz", (3, 20, 20)),
    ],
)
def test_a_day_without_its_year_stays_without(written: str, day: dates.DayOfYear) -> None:
    found = find(written)

    assert found.days == (day,)
    assert not found.years


@pytest.mark.parametrize(
    "written", ["Rails 4.2.1", "31.02.2022", "a day in the life", "Ruby 2.7", "10:00 – 11:30 Uhr"]
)
def test_what_is_no_date_is_none(written: str) -> None:
    found = find(written)

    assert (found.spans, found.days, found.years) == ((), (), frozenset())


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("ZWK-Fachdiskurs 2022", {2022}),
        ("RubyConf '12", {2012}),
        ("Zwickau 2030 – Stand 2023", {2023, 2030}),
        ("RubySur Meetup March 2025", {2025}),
        ("20.000 Einwohner", set()),
    ],
)
def test_years_are_found(written: str, years: set[int]) -> None:
    assert find(written).years == years


@pytest.mark.parametrize(
    ("written", "number"),
    [("Tag 1", 1), ("Fachdiskurs, Tag 2", 2), ("zweiter Tag", 2), ("Day two", 2), ("Tag", None)],
)
def test_the_number_of_a_day_is_found(written: str, number: int | None) -> None:
    assert find(written).day_number == number


@pytest.mark.parametrize(
    ("written", "pair"),
    [
        ("5. Kongress der Modellprojekte", ("kongress", 5)),
        ("geht in die dritte Runde", ("runde", 3)),
        ("Austauschtreffen 2", ("austauschtreffen", 2)),
        ("Teil 2", ("teil", 2)),
        ("Kongress Nr. 3", ("kongress", 3)),
        ("Frauen finden Stadt – 2. Frauencafé in Rodewisch", ("frauencafe", 2)),
        ("Himmelpforten: 4. Allesamt-Gemeinde-Fest", ("allesamt", 4)),
    ],
)
def test_a_number_belongs_to_its_word(written: str, pair: tuple[str, int]) -> None:
    assert pair in find(written).numbered


def test_numbers_of_a_date_belong_to_no_word() -> None:
    assert not find("Kornwestheim 24.05.2023 Zwischenbilanz").numbered


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("Lightning Talks Part Three", 3),
        ("Vereine stärken, Teil 2", 2),
        ("Lightning Talks Pt. 1", 1),
        ("Keynote #2", 2),
        ("Lightning talks 2 - wroc_love.rb 2022", 2),
        ("Lightning Talks - Part II", 2),
        ("Rails 5: what is new", None),
        ("12:15-13:15: Unsere Erfolge", None),
    ],
)
def test_a_part_is_one_of_several_of_a_kind(written: str, part: int | None) -> None:
    assert find(written).part == part


@pytest.mark.parametrize(
    ("written", "weekday"),
    [
        ("Lightning Talks, Saturday", 5),
        ("am Dienstag in Dortmund", 1),
        ("Samstag und Sonntag", None),  # two days are none
        ("Sunday Times", 6),
    ],
)
def test_a_single_day_of_the_week_is_found(written: str, weekday: int | None) -> None:
    assert find(written).weekday == weekday


def test_a_number_written_onto_a_name_counts_it() -> None:
    assert find("[oedo04] Keynote").numbered == {("oedo", 4)}
