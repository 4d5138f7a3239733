"""What a folder of files promises when a person asks for access or erasure."""

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest

from kept.connectors.errors import StoreChangedError, StoreReadOnlyError
from kept.connectors.files import replacing
from kept.connectors.lake.store import LakeStore
from kept.errors import KeptError
from kept.inventory.datamap import parse_datamap
from kept.inventory.discovery import inventory_of
from kept.plans.connector import Done, Who
from kept.plans.errors import IdentityAmbiguousError
from kept.plans.plan import Plan, StorePart
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

TODAY = date(2026, 11, 22)
ANA = "ana.silva@example.com"

MAP = """
[stores.lake.datasets."people.csv"]
state = "decided"
on_erasure = "{erasing}"
identity = {{ email = "email" }}
[stores.lake.datasets."people.csv".fields.name]
categories = ["user.name"]
[stores.lake.datasets."events.jsonl"]
state = "decided"
on_erasure = "{erasing}"
references = [{{ fields = ["person_id"], to = "people.csv(id)", whose = "owned" }}]
[stores.lake.datasets."events.jsonl".fields.text]
categories = ["user.content"]
"""


def who(value: str = ANA) -> Who:
    return Who((Identifier(IdentifierKind.EMAIL, value),))


def planned(store: LakeStore, text: str, right: Right = Right.ERASURE) -> Plan:
    catalog = store.catalog()
    datamap = parse_datamap(text, stores={store.name})
    found = plan(right, inventory_of([catalog], datamap, {}), [catalog])
    assert not found.obstacles, found.obstacles
    return found


def part_of(store: LakeStore, erasing: str = "delete", text: str = MAP) -> StorePart:
    return planned(store, text.format(erasing=erasing)).parts[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(
        "id,email,name,city\r\n"
        "0,bo@example.com,Bo Berg,Oslo\r\n"
        '7,Ana.Silva@example.com,"Silva, Ana",Porto\r\n'
        "8,cy@example.com,Cy Cole,Leeds\r\n",
        newline="",
    )
    (tmp_path / "events.jsonl").write_text(
        '{"person_id": 0, "text": "hello there", "seen": true}\n'
        '{"person_id": 7, "text": "my address changed", "seen": false}\n'
        '{"person_id": 8, "text": "thanks a lot"}\n'
        '{"person_id": 7, "text": "and my phone"}\n'
    )
    return tmp_path


@pytest.fixture
def store(folder: Path) -> LakeStore:
    return LakeStore("lake", f"file://{folder}")


def erased(store: LakeStore, part: StorePart, **more: object) -> Done:
    return store.erase(part, who(), operation="request/1/lake", today=TODAY, **more)  # type: ignore[arg-type]  # as given


def test_an_access_finds_the_person_by_any_spelling_and_along_references(store: LakeStore) -> None:
    reading = store.read(planned(store, MAP.format(erasing="delete"), Right.ACCESS).parts[0], who())
    found = {each.dataset.name: each.located for each in reading.counts}
    assert found == {"people.csv": 1, "events.jsonl": 2}
    events = [each.values for each in reading.records if each.dataset.name == "events.jsonl"]
    assert [each["text"] for each in events] == ["my address changed", "and my phone"]
    assert events[0]["seen"] is False


def test_an_erasure_leaves_every_other_byte_as_it_was(store: LakeStore, folder: Path) -> None:
    (folder / "people.csv").chmod(0o640)
    done = erased(store, part_of(store))
    assert {each.dataset.name: each.erased for each in done.counts} == {
        "people.csv": 1,
        "events.jsonl": 2,
    }
    assert (folder / "people.csv").read_bytes() == (
        b"id,email,name,city\r\n0,bo@example.com,Bo Berg,Oslo\r\n8,cy@example.com,Cy Cole,Leeds\r\n"
    )
    assert (folder / "events.jsonl").read_text() == (
        '{"person_id": 0, "text": "hello there", "seen": true}\n'
        '{"person_id": 8, "text": "thanks a lot"}\n'
    )
    assert (folder / "people.csv").stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in folder.iterdir()) == ["events.jsonl", "people.csv"]
    assert store.left(done.touched) == 0


def test_blanking_empties_what_is_personal_and_keeps_the_row(
    store: LakeStore, folder: Path
) -> None:
    done = erased(store, part_of(store, "blank"))
    assert {each.dataset.name: each.blanked for each in done.counts} == {
        "people.csv": 1,
        "events.jsonl": 2,
    }
    text = (folder / "people.csv").read_text()
    assert "Silva" not in text
    assert "\n7,,,\n" in text
    lines = [json.loads(each) for each in (folder / "events.jsonl").read_text().splitlines()]
    assert lines[1] == {"person_id": 7, "text": None, "seen": False}
    assert lines[2]["text"] == "thanks a lot"


def test_a_rehearsal_says_the_same_and_changes_nothing(store: LakeStore, folder: Path) -> None:
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    part = part_of(store)
    foreseen = store.rehearse(part, who(), operation="request/1/lake", today=TODAY)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
    assert erased(store, part) == foreseen


def test_what_is_noted_before_the_write_tells_whether_it_was_done(store: LakeStore) -> None:
    left: list[int] = []
    notes: list[Done] = []

    def note(done: Done) -> None:
        notes.append(done)
        left.append(store.left(done.touched))

    erased(store, part_of(store), before_commit=note)
    assert left == [3]
    assert store.left(notes[0].touched) == 0


def test_a_second_erasure_finds_nobody_and_writes_nothing(store: LakeStore, folder: Path) -> None:
    erased(store, part_of(store))
    told = (folder / "people.csv").stat().st_ino
    again = erased(store, part_of(store))
    assert sum(each.located for each in again.counts) == 0
    assert (folder / "people.csv").stat().st_ino == told


def test_two_people_behind_one_address_are_refused(folder: Path, store: LakeStore) -> None:
    with (folder / "people.csv").open("a") as file:
        file.write("9,ana.silva@example.com,Eve Evans,Bonn\r\n")
    with pytest.raises(IdentityAmbiguousError):
        erased(store, part_of(store))


def test_a_file_that_is_written_to_meanwhile_is_left_as_it_is(
    folder: Path, store: LakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = part_of(store)
    fits = replacing.Replacement.still_fits

    def writes(self: replacing.Replacement) -> None:
        with (folder / self.path).open("a") as file:
            file.write("10,zed@example.com,Zed Zimmer,Rome\n")
        fits(self)

    monkeypatch.setattr(replacing.Replacement, "still_fits", writes)
    with pytest.raises(StoreChangedError):
        erased(store, part)
    assert "Silva, Ana" in (folder / "people.csv").read_text()
    assert not list(folder.glob(".kept*"))


def test_a_kill_between_two_files_leaves_each_whole_and_is_told(
    folder: Path, store: LakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = part_of(store)
    notes: list[Done] = []
    took: list[str] = []
    take = replacing.Replacement.take_place

    class KilledError(BaseException):
        pass

    def once(self: replacing.Replacement) -> None:
        if took:
            raise KilledError
        took.append(self.path)
        take(self)

    monkeypatch.setattr(replacing.Replacement, "take_place", once)
    with pytest.raises(KilledError):
        erased(store, part, before_commit=notes.append)
    monkeypatch.undo()
    whole = {"people.csv": 4, "events.jsonl": 4}
    for name, count in whole.items():
        lines = len((folder / name).read_text().splitlines())
        assert lines == count - (0 if name not in took else 1 if name == "people.csv" else 2)
    assert 0 < store.left(notes[0].touched) < 3
    erased(store, part_of(store))
    assert "Silva" not in (folder / "people.csv").read_text()


def test_a_packed_file_is_packed_again(folder: Path) -> None:
    (folder / "people.csv").unlink()
    (folder / "people.csv.gz").write_bytes(
        gzip.compress(
            b"id,email,name\n1,ana.silva@example.com,Ana Silva\n2,bo@example.com,Bo Berg\n"
        )
    )
    store = LakeStore("lake", f"file://{folder}")
    erased(store, part_of(store))
    left = gzip.decompress((folder / "people.csv.gz").read_bytes())
    assert left == b"id,email,name\n2,bo@example.com,Bo Berg\n"


def test_a_folder_that_may_not_be_written_is_refused_before_anything_changes(
    folder: Path, store: LakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kept.connectors.lake.store.may_replace", lambda *_: False)
    before = (folder / "people.csv").read_bytes()
    with pytest.raises(StoreReadOnlyError):
        store.rehearse(part_of(store), who(), operation="request/1/lake", today=TODAY)
    assert (folder / "people.csv").read_bytes() == before


def test_a_file_with_a_second_name_is_refused_because_the_old_one_would_stay(
    folder: Path, store: LakeStore
) -> None:
    os.link(folder / "people.csv", folder.parent / "second.csv")
    with pytest.raises(StoreReadOnlyError):
        erased(store, part_of(store))
    assert "Silva" in (folder / "people.csv").read_text()


def test_what_a_killed_run_left_beside_a_file_is_written_anew_and_goes(
    folder: Path, store: LakeStore
) -> None:
    (folder / replacing.new_name("people.csv")).write_text("half of a li")
    erased(store, part_of(store))
    assert sorted(each.name for each in folder.iterdir()) == ["events.jsonl", "people.csv"]
    assert "Silva" not in (folder / "people.csv").read_text()


def test_a_link_that_is_put_in_the_place_of_a_file_leads_nowhere(
    folder: Path, store: LakeStore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.csv"
    outside.write_text((folder / "people.csv").read_text())
    part = part_of(store)
    (folder / "people.csv").unlink()
    (folder / "people.csv").symlink_to(outside)
    with pytest.raises(KeptError):
        erased(store, part)
    assert "Silva" in outside.read_text()


def test_quoted_lines_and_odd_encodings_stay_as_they_were(tmp_path: Path) -> None:
    before = (
        'id;email;name;remark\n1;bo@example.com;Bo;"two\nlines; here"\n'
        "2;ana.silva@example.com;Ana;gone\n3;cy@example.com;Zo\xeb;caf\xe9\n"
    ).encode("cp1252")
    (tmp_path / "people.csv").write_bytes(before)
    store = LakeStore("lake", f"file://{tmp_path}")
    text = (
        '[stores.lake.datasets."people.csv"]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = {{ email = "email" }}\n'
    )
    erased(store, part_of(store, text=text))
    gone = b"2;ana.silva@example.com;Ana;gone\n"
    assert (tmp_path / "people.csv").read_bytes() == before.replace(gone, b"")


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_a_wide_file_is_written_as_wide_as_it_was(tmp_path: Path, mark: bytes) -> None:
    name = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    lines = [
        "id,email,name",
        "1,bo@example.com,Bo Berg",
        f"2,{ANA},Ana Silva",
        "3,c@example.com,Cy",
    ]
    (tmp_path / "people.csv").write_bytes(mark + "\n".join([*lines, ""]).encode(name))
    store = LakeStore("lake", f"file://{tmp_path}")
    text = (
        '[stores.lake.datasets."people.csv"]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = {{ email = "email" }}\n'
    )
    erased(store, part_of(store, text=text))
    left = "\n".join([lines[0], lines[1], lines[3], ""]).encode(name)
    assert (tmp_path / "people.csv").read_bytes() == mark + left


@pytest.mark.parametrize("erasing", ["delete", "blank"])
def test_a_parquet_file_keeps_no_byte_of_the_person(tmp_path: Path, erasing: str) -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(
        {
            "id": list(range(500)),
            "email": [f"person{at}@example.com" for at in range(499)] + ["zz.last@example.com"],
            "name": [f"Name Number{at}" for at in range(499)] + ["Zebedee Zappolino"],
            "paid": [at / 3 for at in range(500)],
        }
    )
    frame.write_parquet(tmp_path / "buyers.parquet", statistics=True)
    store = LakeStore("lake", f"file://{tmp_path}")
    text = (
        '[stores.lake.datasets."buyers.parquet"]\nstate = "decided"\non_erasure = "{erasing}"\n'
        'identity = {{ email = "email" }}\n'
        '[stores.lake.datasets."buyers.parquet".fields.name]\ncategories = ["user.name"]\n'
    )
    part = part_of(store, erasing, text)
    done = store.erase(part, who("ZZ.last@example.com"), operation="request/1/lake", today=TODAY)
    assert (done.counts[0].erased, done.counts[0].blanked) == ((1, 0), (0, 1))[erasing == "blank"]
    after = pl.read_parquet(tmp_path / "buyers.parquet")
    assert after.schema == frame.schema
    expected = frame.head(499)
    assert after.head(499).equals(expected)
    assert after.height == (500 if erasing == "blank" else 499)
    content = (tmp_path / "buyers.parquet").read_bytes()
    assert b"zz.last" not in content
    assert b"Zappolino" not in content
