"""Whole tables of a competition as files: the same rows in every form, streamed, nothing hidden."""

import csv
import gzip
import io
import json
import tracemalloc

import pytest
from arro3.io import read_parquet
from asgiref.sync import async_to_sync

from coliseum.api import exports
from coliseum.api.writers import as_csv, as_jsonl, compressed, write_as_parquet
from coliseum.competitions.queries import shown_phase
from coliseum.leaderboards.services import rate_phase
from coliseum.league.tables import TABLES
from coliseum.matches.models import Match
from coliseum.matches.services import Plan, schedule_matches
from tests.platform.api.conftest import ROOT, refusal
from workers.spec import MatchKind

COLUMNS = {"name": "text", "count": "integer", "share": "real", "is_fine": "boolean"}
ROWS = [
    {"name": "=1+1", "count": 2**40, "share": 0.1, "is_fine": True},
    {"name": None, "count": None, "share": None, "is_fine": None},
    {"name": 'a,"b"\nc', "count": -1, "share": 1e-9, "is_fine": False},
]


def content_of(answer) -> bytes:
    """Return all of a streamed answer."""

    async def gathered() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(gathered)()


def records(table) -> list[dict[str, object]]:
    """Return the rows of a Parquet file."""
    read = read_parquet(io.BytesIO(table)).read_all()
    columns = {name: [each.as_py() for each in read.column(name)] for name in read.column_names}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def test_every_form_holds_the_same_rows():
    lines = b"".join(as_jsonl(COLUMNS, [ROWS[:2], ROWS[2:]]))
    assert [json.loads(line) for line in lines.splitlines()] == ROWS
    file = io.BytesIO()
    write_as_parquet(COLUMNS, iter([ROWS[:2], ROWS[2:]]), file)
    assert records(file.getvalue()) == ROWS
    page = b"".join(as_csv(COLUMNS, [ROWS[:2], ROWS[2:]])).decode()
    told = list(csv.DictReader(io.StringIO(page, newline="")))
    assert told[0] == {"name": "'=1+1", "count": str(2**40), "share": "0.1", "is_fine": "true"}
    assert told[1] == dict.fromkeys(COLUMNS, "")
    assert told[2]["name"] == 'a,"b"\nc'
    assert gzip.decompress(b"".join(compressed(iter([lines])))) == lines


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tx", "\rx"])
def test_no_cell_of_a_csv_is_a_formula(text):
    page = b"".join(as_csv({"name": "text"}, [[{"name": text}]])).decode()
    assert next(csv.DictReader(io.StringIO(page, newline="")))["name"] == f"'{text}"


def test_an_empty_table_is_a_file_too():
    assert b"".join(as_csv(COLUMNS, [])) == b"name,count,share,is_fine\r\n"
    file = io.BytesIO()
    write_as_parquet(COLUMNS, iter([]), file)
    assert records(file.getvalue()) == []


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_writing_takes_no_more_memory_for_more_rows(form, tmp_path):
    rows = [
        {"name": f"agent {number}", "count": number, "share": 0.5, "is_fine": True} for number in range(2000)
    ]

    def most(portions: int) -> int:
        tracemalloc.start()
        with (tmp_path / "file").open("wb") as file:
            if form == "parquet":
                write_as_parquet(COLUMNS, (rows for _ in range(portions)), file)
            else:
                for piece in exports.LINES[form](COLUMNS, (rows for _ in range(portions))):
                    file.write(piece)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    most(1)
    assert most(20) < 2 * most(2) + 200_000


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_can_be_had_with_the_columns_it_lists(caller, match, competition, table):
    rate_phase(phase=shown_phase(competition))
    listed = {
        each["name"]: each["columns"] for each in caller().get("/competitions/c4/export").json()["items"]
    }
    answer = caller().get(f"/competitions/c4/export/{table}")
    assert answer["Content-Type"] == "application/x-ndjson"
    assert answer["Content-Disposition"] == f'attachment; filename="c4-{table}.jsonl"'
    rows = [json.loads(line) for line in content_of(answer).splitlines()]
    assert rows
    assert all(list(row) == list(listed[table]) for row in rows)
    parquet = content_of(caller().get(f"/competitions/c4/export/{table}?format=parquet"))
    assert records(parquet) == rows


def test_a_file_comes_compressed_to_who_takes_that(caller, match):
    plain = content_of(caller().get("/competitions/c4/export/matches?format=csv"))
    answer = caller().get("/competitions/c4/export/matches?format=csv", **{"Accept-Encoding": "gzip, br"})
    assert (answer["Content-Encoding"], answer["Vary"].split(", ")[0]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(content_of(answer)) == plain
    assert plain.splitlines()[0].startswith(b"match,phase,kind,state")


def test_rows_are_read_in_portions(
    caller, match, submission, rival, competition, monkeypatch, django_assert_max_num_queries
):
    schedule_matches(
        competition=competition, plans=[Plan(MatchKind.LEAGUE, (rival, submission)) for _ in range(7)]
    )
    monkeypatch.setattr(exports, "PORTION", 4)
    with django_assert_max_num_queries(12):
        content = content_of(caller().get("/competitions/c4/export/matches"))
    found = [json.loads(line)["match"] for line in content.splitlines()]
    assert found == sorted(Match.objects.values_list("pk", flat=True))
    assert len(found) == 8


def test_what_nobody_may_see_is_in_no_export(caller, ann, host, match, submission, competition):
    hidden = schedule_matches(competition=competition, plans=[Plan(MatchKind.VALIDATION, (submission,))])[0]
    Match.objects.filter(pk=match.pk).update(is_held=True)
    for person in (None, ann, host):
        for table in ("matches", "seats"):
            content = content_of(caller(person).get(f"/competitions/c4/export/{table}"))
            assert hidden.pk.encode() not in content
            assert match.pk.encode() not in content


def test_an_export_that_is_none_is_refused(caller, competition, draft):
    message = "There is no table users."
    assert refusal(caller().get("/competitions/c4/export/users")) == (404, "not_found", message)
    assert refusal(caller().get("/competitions/c4/export/matches?format=xlsx"))[:2] == (
        400,
        "request.bad_field",
    )
    assert caller().get("/competitions/secret-cup/export/matches").status_code == 404


def test_a_head_request_reads_no_row(caller, match, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        answer = caller().client.head(f"{ROOT}/competitions/c4/export/matches?format=parquet")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/vnd.apache.parquet")


def test_pieces_are_made_one_at_a_time():
    made = []

    def pieces():
        for number in range(3):
            made.append(number)
            yield b"x"

    async def first() -> bytes:
        stream = exports.in_background(pieces())
        return await anext(stream)

    assert async_to_sync(first)() == b"x"
    assert made == [0]
