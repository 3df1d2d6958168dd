"""Versions of the rules: when there is a new one, who has accepted it, and what changed exactly."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coliseum.competitions.models import Acceptance, Act, Competition, RulesVersion
from coliseum.competitions.rules import (
    accept_rules,
    accepted_rules,
    changed_terms,
    changes_between,
    check_accepted,
    current_rules,
    has_accepted,
)
from coliseum.competitions.services import enter_competition
from coliseum.league import opening
from coliseum.submissions.services import accept_upload
from tests.platform.conftest import upload_of
from workers.hosting.file import CompetitionFile
from workers.refusals import RefusedError


def changed(competition: Competition, host, **texts: str) -> None:
    """Change texts of a competition by its file, as the wizard does."""
    file: CompetitionFile = opening.file_of(competition)
    about = msgspec.structs.replace(file.competition, **texts)
    whole = msgspec.structs.replace(file, competition=about)
    opening.change_from_file(competition=competition, actor=host, file=whole)


def code_of(call, *args: object, **kwargs: object) -> str:
    with pytest.raises(RefusedError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_joining_notes_who_accepted_which_version(competition, ann) -> None:
    enter_competition(competition=competition, user=ann)
    accepted = accepted_rules(competition, ann)
    assert (accepted.version.number, accepted.version.text) == (1, "Be fair.")
    assert accepted.version.terms == {"replays": "public", "code": "never"}


def test_rules_that_nobody_accepted_are_written_over(competition, host) -> None:
    changed(competition, host, rules="Be kind.")
    assert (current_rules(competition).number, current_rules(competition).text) == (1, "Be kind.")


def test_a_change_after_people_joined_is_a_new_version_and_stands_in_the_log(entry, host, ann) -> None:
    competition = entry.competition
    changed(competition, host, rules="Be fair and kind.")
    assert current_rules(competition).number == 2
    assert not has_accepted(competition, ann)
    act = Act.objects.get(verb="changed the rules")
    assert (act.subject, act.actor) == ("version 2", host)
    changed(competition, host, title="Another title")
    assert RulesVersion.objects.filter(competition=competition).count() == 2


def test_submitting_waits_until_the_new_rules_are_accepted(entry, host, ann, tmp_path, agent_source) -> None:
    changed(entry.competition, host, rules="Be fair and kind.")
    upload = upload_of(agent_source, tmp_path)
    assert code_of(accept_upload, entry=entry, user=ann, upload=upload) == "competition.rules_changed"
    accept_rules(competition=entry.competition, user=ann)
    accept_rules(competition=entry.competition, user=ann)
    assert Acceptance.objects.filter(user=ann).count() == 2
    made, _ = accept_upload(entry=entry, user=ann, upload=upload)
    assert made.entry == entry


def test_agents_in_play_go_on_playing(submission, host) -> None:
    changed(submission.entry.competition, host, rules="Be fair and kind.")
    submission.refresh_from_db()
    assert submission.is_active


def test_a_team_mate_who_never_accepted_cannot_submit(entry, bob, tmp_path, agent_source) -> None:
    upload = upload_of(agent_source, tmp_path)
    assert code_of(accept_upload, entry=entry, user=bob, upload=upload) == "competition.not_joined"
    enter_competition(competition=entry.competition, user=bob)
    accept_upload(entry=entry, user=bob, upload=upload)


def test_who_read_an_older_version_has_not_accepted_the_newer(entry, host, ann, bob) -> None:
    changed(entry.competition, host, rules="Be fair and kind.")
    refused = code_of(accept_rules, competition=entry.competition, user=ann, number=1)
    assert refused == "competition.rules_changed"
    assert code_of(check_accepted, entry.competition, bob) == "competition.not_joined"


def test_what_is_shown_to_whom_is_part_of_the_rules(competition, ann) -> None:
    enter_competition(competition=competition, user=ann)
    before = current_rules(competition)
    after = RulesVersion(terms=before.terms | {"code": "after_close"})
    assert changed_terms(before, after) == ("code",)


def test_a_line_that_changed_is_told_word_by_word() -> None:
    (first, second, third) = changes_between("Be fair.\nNo bots\n", "Be very fair.\nNo bots\nHave fun\n")
    assert [(piece.kind, piece.text) for piece in first] == [
        ("same", "Be"),
        ("in", " very"),
        ("same", " fair."),
    ]
    assert [piece.kind for piece in second] == ["same"]
    assert [(piece.kind, piece.text) for piece in third] == [("in", "Have fun")]


_lines = st.lists(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12), max_size=6
)


@given(_lines, _lines)
def test_both_texts_can_be_read_out_of_the_changes(old, new) -> None:
    lines = changes_between("\n".join(old), "\n".join(new))
    for kind, text in (("in", "\n".join(old)), ("out", "\n".join(new))):
        rest = [[piece.text for piece in line if piece.kind != kind] for line in lines]
        told = "".join("".join(pieces) for pieces in rest)
        assert told == "".join(text.splitlines())


def test_very_long_rules_are_compared_in_no_time() -> None:
    old = "\n".join(f"{number} is a line of words" for number in range(3000))
    lines = changes_between(old, old.replace("2999 is", "2999 was").replace("7 is a", "7 is no"))
    assert len(lines) > 3000
