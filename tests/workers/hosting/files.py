"""competition.toml as texts and as structs, right and wrong."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from workers.hosting.file import (
    About,
    CompetitionFile,
    Dates,
    Eligibility,
    FinalPhase,
    League,
    LimitOverrides,
    Quotas,
    Reveal,
    Teams,
    Tournament,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEAD = """\
[competition]
slug = "spring-cup"
title = "Spring Cup"
arena = "connect_four-v3"
"""

_lines = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=40
)
_names = _lines.map(str.strip).filter(bool)
_texts = st.one_of(
    _lines,
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=60
    ).map(lambda text: "".join(c for c in text if c >= " " or c in "\n\t\r")),
    st.lists(_lines, min_size=2, max_size=4).map("\n".join),
)
_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_moments = st.datetimes(datetime(2027, 1, 1), datetime(2090, 1, 1), timezones=_zones)
_between = st.datetimes(datetime(2090, 2, 1), datetime(2090, 12, 1), timezones=_zones)
_later = st.datetimes(datetime(2091, 1, 1), datetime(2200, 1, 1), timezones=_zones)
_format = st.sampled_from(
    [
        ("round_robin", {"cycles": 2, "matches": 3}),
        ("swiss", {"rounds": 7, "accelerated": True}),
        ("single_elimination", {"best_of": 3, "final_best_of": 5, "third_place": False}),
        ("double_elimination", {"reset": False}),
        ("groups_and_knockout", {"groups": 3, "cut": 4}),
        ("swiss_and_cut", {}),
    ]
)
_eligibility = st.one_of(
    st.just(Eligibility()),
    st.just(Eligibility(who="approval")),
    st.builds(
        Eligibility,
        who=st.just("invited"),
        invited=st.lists(st.sampled_from(["ann", "bob", "eve@example.org"]), min_size=1, unique=True).map(
            tuple
        ),
        link=st.booleans(),
    ),
    st.just(Eligibility(who="invited", link=True)),
    st.just(Eligibility(who="domain", domains=("example.org", "uni.example.net"))),
)


_limits = st.fixed_dictionaries(
    {},
    optional={
        "step_seconds": st.floats(0.001, 600),
        "bank_seconds": st.floats(0, 3600),
        "memory_bytes": st.integers(1 << 24, 1 << 36),
        "threads": st.integers(1, 256),
    },
)


@st.composite
def competition_files(draw: st.DrawFn) -> CompetitionFile:
    """Draw files that are right, in a two-seat arena."""
    tournaments = []
    for index in range(draw(st.integers(0, 3))):
        name, options = draw(_format)
        entrants = draw(st.sampled_from(["active", "top"]))
        tournaments.append(
            Tournament(
                name=f"{index} {draw(_names)}"[:80].strip(),
                format=name,
                entrants=entrants,
                size=draw(st.integers(2, 1024)) if entrants == "top" else 0,
                seeding=draw(st.sampled_from(["rating", "draw"])),
                release=draw(st.sampled_from(["at_once", "by_round", "at_end"])),
                starts_at=draw(st.none() | _later),
                **options,
            )
        )
    return CompetitionFile(
        competition=About(
            slug=draw(st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)),
            title=draw(_names),
            arena="connect_four-v3",
            summary=draw(_lines),
            overview=draw(_texts),
            rules=draw(_texts),
            evaluation=draw(_texts),
            prizes=draw(_texts),
            faq=draw(_texts),
            forum_url=draw(st.sampled_from(["", "https://forum.example.org/c/4?x=1#new"])),
        ),
        dates=Dates(opens_at=draw(st.none() | _moments), closes_at=draw(st.none() | _later)),
        eligibility=draw(_eligibility),
        teams=Teams(max_members=draw(st.integers(1, 50)), merge_until=draw(st.none() | _between)),
        reveal=Reveal(
            replays=draw(st.sampled_from(["public", "participants", "after_close"])),
            code=draw(st.sampled_from(["never", "after_close"])),
        ),
        limits=LimitOverrides(**draw(_limits)),
        quotas=Quotas(
            active_submissions=draw(st.integers(1, 5)), target_matches=draw(st.integers(1, 100_000))
        ),
        league=League(
            swap=draw(st.sampled_from(["calibrated", "always", "never"])),
            episodes=draw(st.integers(0, 64)),
            baselines=draw(st.none() | st.sampled_from([(), ("random",), ("random", "heuristic")])),
        ),
        final=draw(
            st.none()
            | st.builds(FinalPhase, prize_places=st.integers(1, 100), cuts=st.sampled_from([None, (16, 64)]))
        ),
        tournament=tuple(tournaments),
    )
