import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.connectors.files.place import Entry
from kept.connectors.lake.grouping import Group, groups, pattern_of

COLUMNS = ("id", "email", "city")


def named(*paths: str, columns: dict[str, tuple[str, ...]] | None = None) -> dict[str, int]:
    entries = [Entry(path=each, size=1, changed="") for each in paths]

    def told(group: Group) -> list[tuple[str, ...]]:
        return [(columns or {}).get(each.entry.path, COLUMNS) for each in group.parts]

    found, _ = groups(entries, told, "lake")
    return {each.name: len(each.parts) for each in found}


def test_numbered_parts_of_a_folder_are_called_as_the_folder() -> None:
    assert named("sales/part-0.parquet", "sales/part-1.parquet") == {"sales": 2}
    assert named("2026-01.csv", "2026-02.csv") == {"lake": 2}


def test_a_first_part_is_called_as_it_will_be_with_a_second() -> None:
    assert named("orders-2026-01.csv") == {"orders-*.csv": 1}
    assert named("orders-2026-01.csv", "orders-2026-02.csv.gz") == {"orders-*.csv": 2}


def test_files_of_one_folder_with_the_same_fields_are_one_dataset() -> None:
    assert named("in/emea.csv", "in/apac.csv") == {"in/*.csv": 2}
    assert named("in/emea.csv", "out/apac.csv") == {"in/emea.csv": 1, "out/apac.csv": 1}


def test_files_with_other_or_hardly_any_fields_stay_apart() -> None:
    few = {"a.csv": ("id", "name"), "b.csv": ("id", "name")}
    assert named("a.csv", "b.csv", columns=few) == {"a.csv": 1, "b.csv": 1}
    other = {"x-1.csv": ("a", "b", "c"), "x-2.csv": ("d", "e", "f")}
    assert named("x-1.csv", "x-2.csv", columns=other) == {"x-1.csv": 1, "x-2.csv": 1}


def test_partitions_stand_in_no_name_and_a_delta_table_is_one() -> None:
    assert named("t/y=1/part-0.parquet", "t/y=2/part-0.parquet") == {"t": 2}
    assert named("d/_delta_log/0.json", "d/part-0.parquet", "d/x/part-1.parquet") == {"d": 0}


def test_a_folder_called_as_the_store_takes_nothing_from_it() -> None:
    found = named("1.csv", "lake/_delta_log/0.json", "lake/part-0.parquet")
    assert found == {"lake": 0, "lake/*.csv": 1}


def test_two_kinds_in_one_folder_have_two_names() -> None:
    assert named("t/part-0.parquet", "t/part-0.csv") == {"t/*.csv": 1, "t/*.parquet": 1}


@pytest.mark.parametrize("name", ["b2b.csv", "s3.parquet", "iso27001.csv", "users.csv"])
def test_digits_that_belong_to_a_word_number_nothing(name: str) -> None:
    assert pattern_of(name) == name


@given(
    st.sets(
        st.from_regex(
            r"(?:[ab]/|k=[12]/){0,2}[ab12_-]{1,6}\.(?:csv|parquet|jsonl)", fullmatch=True
        ),
        max_size=12,
    )
)
def test_every_file_is_in_exactly_one_dataset_and_no_two_have_one_name(paths: set[str]) -> None:
    entries = [Entry(path=each, size=1, changed="") for each in sorted(paths)]
    found, unread = groups(entries, lambda group: [COLUMNS for _ in group.parts], "lake")
    there = [part.entry.path for each in found for part in each.parts]
    assert sorted([*there, *(path for path, _ in unread)]) == sorted(paths)
    assert len({each.name for each in found}) == len(found)
