"""Sources of event records on their way into the database, together and one by one."""

import datetime as dt
from pathlib import Path

import pytest

from harvester import intake
from harvester.errors import BadInput
from harvester.records import EventRecords
from harvester.store import reads
from harvester.store.database import Database
from harvester.store.writes import Loaded
from tests import build

LATER = build.NOW + dt.timedelta(days=1)
EVENTS = "event_id,title\nfd-2022,Fachdiskurs 2022\nfd-2023,Fachdiskurs 2023\n"
TALKS = "talk_id,event_id,title\nt1,fd-2022,Krisenbewältigung\nt2,fd-2023,Zukunftsgerechtigkeit\n"
BAD_EVENTS = "event_id,title,start_date\nfd-2022,Fachdiskurs 2022,gestern\nfd-2023,F,2023\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def load(database: Database, *sources: str, now: dt.datetime = build.NOW) -> dict[str, Loaded]:
    return intake.load(sources, database=database, now=now)


def event_titles(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {event.event_id: event.title for event in reads.events(session)}


def talk_ids(database: Database) -> list[str]:
    with database.read() as session:
        return [talk.talk_id for talk in reads.talks(session)]


# --- loading ------------------------------------------------------------------


@pytest.mark.parametrize("order", [("events.csv", "talks.csv"), ("talks.csv", "events.csv")])
def test_a_pair_of_tables_is_loaded_in_any_order(
    database: Database, order: tuple[str, ...]
) -> None:
    write("events.csv", EVENTS)
    write("talks.csv", TALKS)

    loaded = load(database, *order)

    assert loaded == {"events.csv": Loaded(new=2), "talks.csv": Loaded(new=2)}
    assert talk_ids(database) == ["t1", "t2"]


def test_loading_again_changes_nothing(database: Database) -> None:
    write("events.csv", EVENTS)
    write("talks.csv", TALKS)
    load(database, "events.csv", "talks.csv")

    again = load(database, "events.csv", "talks.csv", now=LATER)

    assert again == {"events.csv": Loaded(same=2), "talks.csv": Loaded(same=2)}


def test_a_source_is_the_same_however_it_is_named_and_is_loaded_once(
    database: Database, tmp_path: Path
) -> None:
    write("events.csv", EVENTS)

    loaded = load(database, "./events.csv", "events.csv", str(tmp_path / "events.csv"))

    assert loaded == {"./events.csv": Loaded(new=2)}


def test_a_changed_record_is_updated_and_one_that_disappeared_is_out_of_use(
    database: Database,
) -> None:
    load(database, write("events.csv", EVENTS))
    write("events.csv", "event_id,title\nfd-2022,Arbeiten im Krisenmodus\n")

    loaded = load(database, "events.csv", now=LATER)

    assert loaded == {"events.csv": Loaded(changed=1, withdrawn=1)}
    assert event_titles(database) == {"fd-2022": "Arbeiten im Krisenmodus"}


def test_the_packaged_events_are_loaded_by_their_name(database: Database) -> None:
    loaded = load(database, "zwk")

    with database.read() as session:
        count = len(reads.events(session)) + len(reads.talks(session))
    assert loaded == {"zwk": Loaded(new=count)}
    assert load(database, "zwk", now=LATER) == {"zwk": Loaded(same=count)}


def test_talks_may_belong_to_events_that_were_loaded_before(database: Database) -> None:
    load(database, write("events.csv", EVENTS))

    loaded = load(database, write("talks.csv", TALKS))

    assert loaded == {"talks.csv": Loaded(new=2)}


def test_no_sources_are_no_work(database: Database) -> None:
    assert load(database) == {}


# --- what is refused ----------------------------------------------------------


def test_a_source_with_a_problem_is_left_out_and_the_others_are_loaded(
    database: Database,
) -> None:
    write("bad.csv", "event_id,title,start_date\na,A,2022\nb,B,gestern\n")
    write("good.csv", "event_id,title\nc,C\n")

    with pytest.raises(BadInput) as refused:
        load(database, "bad.csv", "missing.csv", "good.csv")

    assert event_titles(database) == {"c": "C"}
    first, second, last = refused.value.problems
    assert first.startswith("bad.csv, line 3, start_date: 'gestern' is not an ISO date")
    assert second.startswith("missing.csv: there is no such file")
    assert last == "not loaded: bad.csv, missing.csv; the rest was: good.csv"


def test_talks_wait_for_their_events_if_those_are_refused(database: Database) -> None:
    write("events.csv", BAD_EVENTS)
    write("talks.csv", TALKS)

    with pytest.raises(BadInput) as refused:
        load(database, "talks.csv", "events.csv")

    assert event_titles(database) == {}
    assert refused.value.problems[0] == (
        "talks.csv, line 2, event_id: the event 'fd-2022' is in events.csv, which is not in order"
    )
    assert refused.value.problems[-1] == "not loaded: talks.csv, events.csv"


def test_talks_of_known_events_do_not_wait_for_a_refused_file(database: Database) -> None:
    load(database, write("events.csv", EVENTS))
    write("events.csv", BAD_EVENTS)
    write("talks.csv", TALKS)

    with pytest.raises(BadInput, match=r"not loaded: events\.csv; the rest was: talks\.csv"):
        load(database, "events.csv", "talks.csv")

    assert event_titles(database)["fd-2022"] == "Fachdiskurs 2022"
    assert talk_ids(database) == ["t1", "t2"]


def test_a_talk_of_an_event_that_nobody_knows_is_refused(database: Database) -> None:
    write("talks.csv", TALKS + "t3,fd-2020,Zu früh\n")
    load(database, write("events.csv", EVENTS))

    with pytest.raises(BadInput) as refused:
        load(database, "talks.csv")

    assert refused.value.problems == (
        "talks.csv, line 4, event_id: the event 'fd-2020' is not on record",
        "not loaded: talks.csv",
    )
    assert talk_ids(database) == []


def test_an_id_in_two_files_is_refused_in_the_second(database: Database) -> None:
    write("a.csv", EVENTS)
    write("b.yaml", "events:\n- id: x\n  title: X\n- id: fd-2023\n  title: Y\n")

    with pytest.raises(BadInput) as refused:
        load(database, "a.csv", "b.yaml")

    assert refused.value.problems == (
        "b.yaml, line 4, event id: 'fd-2023' is also in a.csv, line 3",
        "not loaded: b.yaml; the rest was: a.csv",
    )


@pytest.mark.parametrize("emptied", ["event_id,title\n", "events: []\n"])
def test_a_source_that_is_suddenly_empty_withdraws_nothing(
    database: Database, emptied: str
) -> None:
    load(database, write("events", EVENTS))
    write("events", emptied)

    with pytest.raises(BadInput) as refused:
        load(database, "events", now=LATER)

    assert refused.value.problems[0] == (
        "events: holds no records, and held 2 before; none was withdrawn;"
        " was it cut off on its way?"
    )
    assert len(event_titles(database)) == 2


def test_a_source_that_never_held_anything_may_be_empty(database: Database) -> None:
    write("events.csv", "event_id,title\n")

    assert load(database, "events.csv") == {"events.csv": Loaded()}


def test_of_very_many_problems_some_are_told_and_the_rest_counted(database: Database) -> None:
    write("events.csv", "event_id,title\n" + ",ohne Kennung\n" * 250)

    with pytest.raises(BadInput) as refused:
        load(database, "events.csv")

    assert len(refused.value.problems) == 102
    assert refused.value.problems[-2] == "events.csv: and 150 further problems"


# --- checking -----------------------------------------------------------------


def test_checking_returns_the_records_in_the_order_of_the_sources(tmp_path: Path) -> None:
    write("events.csv", EVENTS)
    write("talks.csv", TALKS)

    talks, events = intake.check(["talks.csv", "events.csv"])

    assert talks == EventRecords(str(tmp_path / "talks.csv"), (), talks.talks)
    assert [event.event_id for event in events.events] == ["fd-2022", "fd-2023"]


def test_checking_writes_nothing_and_asks_the_database_for_events(database: Database) -> None:
    load(database, write("events.csv", EVENTS))
    write("talks.csv", TALKS)

    intake.check(["talks.csv"], database=database)

    assert talk_ids(database) == []


def test_checking_talks_alone_says_that_their_events_are_not_on_record() -> None:
    write("talks.csv", TALKS)

    with pytest.raises(BadInput) as refused:
        intake.check(["talks.csv"])

    assert len(refused.value.problems) == 2


def test_what_is_odd_is_remarked_and_refused_by_nobody() -> None:
    write("events.csv", "event_id,title,start_date,end_date\na,A,2022-11-24,2022-11-25\nb,B,,\n")
    write(
        "talks.csv",
        "talk_id,event_id,date,kind\n"
        "t1,a,2022-11-25,panel\nt2,a,2022,panel\nt3,a,2022-11-26,panel\nt4,b,2022,panel\n",
    )
    write("empty.csv", "event_id,title\n")
    remarks: list[str] = []

    intake.check(["events.csv", "talks.csv", "empty.csv"], remark=remarks.append)

    assert remarks == [
        "talks.csv, line 4: the talk's day 2022-11-26 is none of its event 'a'"
        " (2022-11-24 to 2022-11-25)",
        "empty.csv: holds no records",
    ]
