"""A competition.toml is read, or everything that is wrong with it is told: where, what, how to mend it."""

import random
import tomllib
from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arenas import registry
from tests.competition_file import PAGE, SCHEMA, page_text, schema_text
from tests.workers.hosting.files import HEAD, NOW, competition_files
from workers.hosting.file import OPTIONS_FROM, CompetitionFile, LimitOverrides, Tournament, captions
from workers.hosting.lines import find_lines
from workers.hosting.problems import BadFileError, Problem
from workers.hosting.reading import MOST_BYTES, read_toml, read_values
from workers.hosting.schema import make_schema
from workers.hosting.template import make_template
from workers.hosting.writing import write_toml
from workers.league.formats.named import FORMATS
from workers.spec import LimitsSpec


def problems_of(text: str | bytes, now: datetime | None = NOW) -> list[tuple[str, str, int | None]]:
    """Return code, path and line of each problem."""
    try:
        read_toml(text if isinstance(text, bytes) else text.encode(), now=now)
    except BadFileError as error:
        return [(each.code.removeprefix("hosting."), each.path, each.line) for each in error.problems]
    return []


def outcome_of(read: Callable[[], CompetitionFile]) -> tuple[Problem, ...]:
    """Return the problems of a reading, none where it gave a file; any other exception is a failure."""
    try:
        assert isinstance(read(), CompetitionFile)
    except BadFileError as error:
        return error.problems
    return ()


def test_the_smallest_file_has_three_keys() -> None:
    read = read_toml(HEAD.encode(), now=NOW)
    assert read.competition.title == "Spring Cup"
    assert (read.quotas.target_matches, read.final, read.tournament) == (200, None, ())


@pytest.mark.parametrize(
    ("text", "code", "path", "line"),
    [
        ("", "empty", "", None),
        ("  \n\n", "empty", "", None),
        (b"\xff\xfe[", "not_text", "", 1),
        (b'[competition]\nslug = "\xe4"', "not_text", "", 2),
        (b"\x7fELF\0\0", "not_text", "", 1),
        ("#" * (MOST_BYTES + 1), "too_large", "", None),
        ("[competition\n", "bad_toml", "", 1),
        ("a = 1\na = 2\n", "bad_toml", "", 2),
        ("a = 2026-02-31\n", "bad_toml", "", 1),
        ("a = " + "9" * 5000, "bad_toml", "", None),
        ("\n\na = " + "[" * 60, "too_deep", "", 3),
        ("\n" + "a." * 100_000 + "a = 1", "too_deep", "", 2),
        ("\n[" + "'a' . " * 17 + "a]", "too_deep", "", 2),
    ],
)
def test_what_is_no_toml_is_told_apart(text, code, path, line) -> None:
    assert problems_of(text) == [(code, path, line)]


@pytest.mark.parametrize(
    ("more", "code", "path", "line"),
    [
        ("titel = 'x'", "unknown_key", "competition.titel", 5),
        ("[eligibility]\nwo = 'open'", "unknown_key", "eligibility.wo", 6),
        ("[eligibility]\nwho = 'invited'", "bad_value", "eligibility.invited", 5),
        ("[eligibility]\nwho = 'domain'\ndomains = ['@Example']", "bad_value", "eligibility.domains[0]", 7),
        ("[eligibility]\nwho = 'domain'\ndomains = ['a.org', 'a.org']", "twice", "eligibility.domains[1]", 7),
        ("[eligibility]\nlink = true", "unsupported", "eligibility.link", 6),
        ("[reveal]\ncode = 'aways'", "bad_value", "reveal.code", 6),
        ("[teams]\nmax_members = 0", "bad_value", "teams.max_members", 6),
        ("overview = 3", "wrong_type", "competition.overview", 5),
        ('overview = "\\u0000"', "bad_text", "competition.overview", 5),
        ('summary = "a\\nb"', "bad_text", "competition.summary", 5),
        ('summary = "\\u202e"', "bad_text", "competition.summary", 5),
        (f"summary = '{'x' * 201}'", "bad_value", "competition.summary", 5),
        ("[[tournament]]\nname = ' x'", "bad_value", "tournament[0].name", 6),
        ("[date]", "unknown_key", "date", 5),
        ("[dates]\nopens_at = 2026-12-01T12:00:00", "naive_time", "dates.opens_at", 6),
        ("[dates]\nopens_at = '2026-12-01T12:00'", "wrong_type", "dates.opens_at", 6),
        ("[dates]\nopens_at = '2026-12-01T12:00:00'", "naive_time", "dates.opens_at", 6),
        ("[dates]\nopens_at = 2026-12-01", "wrong_type", "dates.opens_at", 6),
        ("[dates]\nopens_at = 12:00:00", "wrong_type", "dates.opens_at", 6),
        ("[dates]\nopens_at = 0001-01-01T00:00:00Z", "bad_value", "dates.opens_at", 6),
        ("[dates]\ncloses_at = 2026-11-22T11:59:59Z", "in_the_past", "dates.closes_at", 6),
        (
            "[dates]\nopens_at = 2026-12-02T00:00:00+02:00\ncloses_at = 2026-12-01T22:00:00Z",
            "wrong_order",
            "dates.closes_at",
            7,
        ),
        ("[dates]\nzone = 'Europe/Berln'", "bad_value", "dates.zone", 6),
        ("[dates]\nzone = '../etc/passwd'", "bad_value", "dates.zone", 6),
        ("[limits]\nstep_second = 1", "unknown_key", "limits.step_second", 6),
        ("[limits]\nstep_seconds = '1'", "wrong_type", "limits.step_seconds", 6),
        ("[limits]\nstep_seconds = nan", "bad_value", "limits.step_seconds", 6),
        ("[limits]\nstep_seconds = inf", "bad_value", "limits.step_seconds", 6),
        ("[limits]\nstep_seconds = 0", "bad_value", "limits.step_seconds", 6),
        ("[limits]\nmemory_bytes = -1", "bad_value", "limits.memory_bytes", 6),
        ("[limits]\nmemory_bytes = 1e9", "wrong_type", "limits.memory_bytes", 6),
        ("limits = 3", "unknown_key", "competition.limits", 5),
        ("[[limits]]", "wrong_type", "limits", 5),
        ("[quotas]\nactive_submissions = 6", "bad_value", "quotas.active_submissions", 6),
        ("[quotas]\ntarget_matches = true", "wrong_type", "quotas.target_matches", 6),
        ("[quotas]\ntarget_matches = 0x" + "f" * 5000, "bad_value", "quotas.target_matches", 6),
        ("[league]\nswap = 'alway'", "bad_value", "league.swap", 6),
        ("[league]\nbaselines = ['heurstic']", "bad_value", "league.baselines[0]", 6),
        ("[league]\nbaselines = ['random', 'random']", "twice", "league.baselines[1]", 6),
        ("[league]\nbaselines = 'random'", "wrong_type", "league.baselines", 6),
        ("[final]\ncuts = [64, 32]", "bad_value", "final.cuts", 6),
        ("[final]\ncuts = [64]\nbudget_episodes = 32", "bad_value", "final.cuts", 6),
        ("[final]\nprize_places = 0", "bad_value", "final.prize_places", 6),
        ("[tournament]\nname = 'x'", "wrong_type", "tournament", 5),
        ("[[tournament]]", "missing_key", "tournament[0].name", 5),
        ("[[tournament]]\nname = ''", "bad_value", "tournament[0].name", 6),
        ("[[tournament]]\nname = 'x'\nformat = 'swis'", "bad_value", "tournament[0].format", 7),
        (
            "[[tournament]]\nname = 'x'\nformat = 'tables'\nbest_of = 3",
            "unsupported",
            "tournament[0].best_of",
            8,
        ),
        ("[[tournament]]\nname = 'x'\nbest_of = 4", "unsupported", "tournament[0].best_of", 7),
        ("[[tournament]]\nname = 'x'\nbest_of = 101", "bad_value", "tournament[0].best_of", 7),
        ("[[tournament]]\nname = 'x'\nentrants = 'top'", "bad_value", "tournament[0].size", 5),
        ("[[tournament]]\nname = 'x'\nsize = 8", "unsupported", "tournament[0].size", 7),
        ("[[tournament]]\nname = 'x'\n[[tournament]]\nname = 'X'", "twice", "tournament[1].name", 8),
        (
            "[[tournament]]\nname = 'x'\nstarts_at = 2020-01-01T00:00:00Z",
            "in_the_past",
            "tournament[0].starts_at",
            7,
        ),
    ],
)
def test_one_mistake_is_told_with_its_code_path_and_line(more, code, path, line) -> None:
    assert problems_of(HEAD + more) == [(code, path, line)]


@pytest.mark.parametrize(
    ("arena", "format_name", "fits"),
    [
        ("LunarLander-v3", "single_elimination", False),
        ("LunarLander-v3", "tables", False),
        ("connect_four-v3", "single_elimination", True),
        ("connect_four-v3", "round_robin", True),
    ],
)
def test_a_format_has_to_suit_the_arena(arena, format_name, fits) -> None:
    text = HEAD.replace("connect_four-v3", arena) + f"[[tournament]]\nname = 'x'\nformat = '{format_name}'\n"
    assert problems_of(text) == ([] if fits else [("unsupported", "tournament[0].format", 7)])


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2027-03-28T01:59:59+01:00", ""),
        ("2027-03-28T02:30:00+01:00", "wrong_offset"),
        ("2027-03-28T02:30:00+02:00", "wrong_offset"),
        ("2027-03-28T03:00:00+02:00", ""),
        ("2027-10-31T02:30:00+02:00", ""),
        ("2027-10-31T02:30:00+01:00", ""),
        ("2027-07-01T12:00:00+01:00", "wrong_offset"),
        ("2027-07-01T10:00:00Z", "wrong_offset"),
    ],
)
def test_a_zone_holds_every_time_to_the_clocks_of_that_place(moment, code) -> None:
    text = f'{HEAD}[dates]\nzone = "Europe/Berlin"\ncloses_at = {moment}\n'
    assert [found for found, _, _ in problems_of(text)] == ([code] if code else [])


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
[competition]
slug = "Not a slug"
arena = "conect_four-v3"

[dates]
opens_at = 2026-12-01T12:00:00

[quotas]
active_submissions = 9

[[tournament]]
name = "a"

[[tournament]]
name = "b"
format = "swis"
"""
    assert problems_of(text) == [
        ("missing_key", "competition.title", 1),
        ("bad_value", "competition.slug", 2),
        ("arena.unknown", "competition.arena", 3),
        ("naive_time", "dates.opens_at", 6),
        ("bad_value", "quotas.active_submissions", 9),
        ("bad_value", "tournament[1].format", 16),
    ]


def test_what_fits_nowhere_is_told_beside_what_is_wrong_by_itself() -> None:
    text = HEAD + "[quotas]\nactive_submissions = 9\n[[tournament]]\nname = 'x'\nbest_of = 4\n"
    assert [path for _, path, _ in problems_of(text)] == [
        "quotas.active_submissions",
        "tournament[0].best_of",
    ]


def test_a_problem_says_what_was_meant() -> None:
    with pytest.raises(BadFileError) as caught:
        read_toml((HEAD + "[limits]\nstep_second = 1\n").encode(), file="cup.toml")
    (problem,) = caught.value.problems
    assert problem.message == "There is no key limits.step_second. Did you mean limits.step_seconds?"
    assert "load_seconds, reset_seconds, step_seconds" in problem.hint
    body = caught.value.as_problem("r1")["error"]
    assert body["message"] == f"cup.toml has 1 problem: line 6: {problem.message}"
    assert body["problems"][0] == problem.as_row()
    assert set(problem.as_row()) == {"code", "path", "line", "message", "expected", "got", "hint"}


def test_the_line_is_found_through_strings_comments_and_lists() -> None:
    text = '''\
# [dates]
[competition]
overview = """
[quotas]
slug = 1 \\""" # """
slug = "a#b" # slug
"title" = 'x'
rules = \'\'\'
\'\'\'
[league]
baselines = [ # ]
  "a", "]",
]
swap.x = 1
[[tournament]]
[[tournament]]
options = { a = 1, b = [
] }
name = "x"
'''
    found = find_lines(text)
    tomllib.loads(text)
    assert found == {
        ("competition",): 2,
        ("competition", "overview"): 3,
        ("competition", "slug"): 6,
        ("competition", "title"): 7,
        ("competition", "rules"): 8,
        ("league",): 10,
        ("league", "baselines"): 11,
        ("league", "swap", "x"): 14,
        ("tournament",): 15,
        ("tournament", 0): 15,
        ("tournament", 1): 16,
        ("tournament", 1, "options"): 17,
        ("tournament", 1, "name"): 19,
    }


@settings(max_examples=60)
@given(competition_files())
def test_what_is_written_is_read_again_the_same(file: CompetitionFile) -> None:
    assert read_toml(write_toml(file).encode(), now=NOW) == file


@settings(max_examples=60)
@given(competition_files())
def test_json_of_the_same_schema_is_read_the_same(file: CompetitionFile) -> None:
    assert read_values(msgspec.json.decode(msgspec.json.encode(file)), now=NOW) == file


_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=9),
    st.datetimes(),
    st.dates(),
    st.times(),
)
_keys = st.sampled_from(
    ["competition", "dates", "tournament", "slug", "arena", "opens_at", "name", "x", "size"]
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=9,
)


@settings(max_examples=60)
@given(st.dictionaries(_keys | st.text(max_size=4), _values, max_size=5), competition_files())
def test_any_values_give_a_file_or_problems(values, file: CompetitionFile) -> None:
    right = msgspec.to_builtins(file, builtin_types=(datetime,))
    damaged = (right | values, right | {"dates": values}, right | {"tournament": [values, {}]})
    for changed in (values, [values], *damaged):
        problems = outcome_of(partial(read_values, changed, now=NOW))
        assert all(each.message and each.hint for each in problems)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_file_or_problems(content: bytes) -> None:
    with pytest.raises(BadFileError):
        read_toml(content)


@settings(max_examples=60)
@given(competition_files(), st.randoms(use_true_random=False))
def test_a_file_with_damage_gives_a_file_or_problems(file: CompetitionFile, rng: random.Random) -> None:
    content = bytearray(write_toml(file).encode())
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(content))
        content[at : at + rng.randint(0, 3)] = rng.choice(
            [
                b"",
                b"\n",
                b'"',
                b"[",
                b"]",
                b"=",
                b"'''",
                b"a.b",
                b"{",
                b"\xff",
                b"\0",
                b"1",
                b"#",
                b"[[tournament]]\n",
            ]
        )
    problems = outcome_of(partial(read_toml, bytes(content), now=NOW))
    assert all(each.message and each.hint for each in problems)


@pytest.mark.parametrize("arena", registry.names())
def test_the_template_of_every_arena_is_right_as_it_is_and_with_all_of_it_in_force(arena: str) -> None:
    text = make_template(registry.get(arena), now=NOW)
    read_toml(text.encode(), now=NOW)
    lines = text.splitlines()
    whole = [line.removeprefix("#") if line[:2] != "# " else line for line in lines]
    whole = [line for line in whole if not line.startswith(("zone =", "size ="))]
    assert read_toml("\n".join(whole).encode(), now=NOW).final is not None


def test_the_structs_follow_what_they_stand_for() -> None:
    assert LimitOverrides.__struct_fields__ == LimitsSpec.__struct_fields__
    formats = msgspec.inspect.type_info(Tournament).fields[1].type
    assert set(formats.values) == set(FORMATS)
    options = {option.name for form in FORMATS.values() for option in form.options}
    assert options == set(Tournament.__struct_fields__[OPTIONS_FROM:])


def test_the_schema_has_a_sentence_on_every_key() -> None:
    schema = make_schema()
    for part in (schema, *schema["$defs"].values()):
        for key, field in part["properties"].items():
            assert field["description"].endswith("."), key
    assert schema["$defs"]["Tournament"]["properties"]["best_of"]["anyOf"][0]["maximum"] == 99
    assert captions(Tournament)["rounds"].startswith("Swiss")


def test_the_published_schema_and_the_page_of_keys_are_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run python -m tests.competition_file"
    assert page == page_text(page), "run python -m tests.competition_file"


def test_an_arena_without_a_name_is_told_and_hides_nothing_else() -> None:
    text = HEAD.replace("connect_four-v3", "") + "[quotas]\nactive_submissions = 9\n"
    told = [(code, path) for code, path, _ in problems_of(text)]
    assert told == [("bad_value", "competition.arena"), ("bad_value", "quotas.active_submissions")]


def test_teams_cannot_merge_after_the_end() -> None:
    dates = "[dates]\ncloses_at = 2027-01-01T00:00:00Z\n[teams]\nmerge_until = 2027-01-02T00:00:00Z\n"
    assert problems_of(HEAD + dates) == [("unsupported", "teams.merge_until", 8)]
