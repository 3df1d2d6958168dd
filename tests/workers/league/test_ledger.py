"""The ledger: every change, wherever it is made, is found at its line."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.league.seasons import NAMES, duel, entered, lines, opening, season
from workers.league.ledger import MOST_LINE_BYTES, START, LedgerError, Void, seal, unseal

LEDGER = lines(season(rounds=1))


def fault(ledger):
    with pytest.raises(LedgerError) as caught:
        list(unseal(ledger))
    assert f"line {caught.value.line}" in str(caught.value)
    return caught.value.fault, caught.value.line


def resealed(content, before=START):
    """Seal any JSON, as a forger could who knows the rules."""
    event = json.dumps(content, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(f"{before}\n{event}".encode()).hexdigest()
    return f'{{"event":{event},"hash":"{digest}"}}\n'.encode()


OPENING = json.loads(LEDGER[0])["event"]
MATCH = json.loads(LEDGER[-1])["event"]


def changed(content, **values):
    return resealed({**content, **values})


def test_what_was_sealed_comes_back():
    events = [*season(rounds=1), Void(match="m0000", reason="Worker w7 was wrong.")]
    sealed = list(unseal(lines(events)))
    assert [each.event for each in sealed] == events
    assert [each.hash for each in sealed] == [root for _, root in seal(events)]


def test_a_ledger_goes_on_from_its_root():
    events = season(rounds=1)
    whole = list(seal(events))
    later = list(seal(events[9:], after=whole[8][1]))
    assert whole == list(seal(events[:9])) + later


def test_a_line_is_what_the_documents_say():
    line, root = next(iter(seal([opening()])))
    event = (
        b'{"arena":"connect_four-v3","kind":"opening","league":"connect-four","objective":"rank","version":1}'
    )
    assert root == hashlib.sha256(b"0" * 64 + b"\n" + event).hexdigest()
    assert line == b'{"event":' + event + b',"hash":"' + root.encode() + b'"}\n'


def test_every_byte_counts():
    for at in range(0, len(LEDGER[8]), 7):
        line = bytearray(LEDGER[8])
        line[at] ^= 1
        assert fault([*LEDGER[:8], bytes(line), *LEDGER[9:]])[1] == 9


@given(st.integers(1, len(LEDGER) - 1), st.sampled_from(["left out", "twice", "moved"]))
def test_lines_cannot_be_left_out_doubled_or_moved(at, change):
    ledger = list(LEDGER)
    if change == "left out" and at < len(ledger) - 1:
        del ledger[at]
    elif change == "moved" and at < len(ledger) - 1:
        ledger[at], ledger[at + 1] = ledger[at + 1], ledger[at]
    else:
        ledger.insert(at, ledger[at])
        at += 1
    assert fault(ledger) == ("broken", at + 1)


def test_lines_cut_off_at_the_end_show_in_the_root():
    assert list(unseal(LEDGER[:-1]))[-1].hash != list(unseal(LEDGER))[-1].hash


def test_a_line_cut_in_the_middle_is_found():
    assert fault([*LEDGER[:-1], LEDGER[-1][:-20]]) == ("unreadable", len(LEDGER))
    assert list(unseal([*LEDGER[:-1], LEDGER[-1].rstrip(b"\n")]))[-1] == list(unseal(LEDGER))[-1]


def test_nothing_is_an_empty_ledger():
    assert list(unseal([])) == []


def test_the_opening_stands_first_and_only_there():
    assert fault(lines(entered())) == ("broken", 1)
    assert fault(lines([opening(), opening()])) == ("broken", 2)


def test_another_version_is_named():
    assert fault([changed(OPENING, version=2, shape="new")]) == ("version", 1)
    assert fault([changed(OPENING, version="x" * 1000)]) == ("version", 1)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"garbage\n",
        b"\xff\xfe\n",
        b"[" * 100_000,
        b'{"event":' * 50_000,
        b"null\n",
        b"[]\n",
        b'{"event":{}}\n',
        b'{"event":{},"hash":"","more":1}\n',
        b'{"event":[],"hash":""}\n',
        b'{"event":{"kind":"nosuch"},"hash":""}\n',
        b'{"event":NaN,"hash":""}\n',
        b"9" * 5000 + b"\n",
        LEDGER[0].replace(b":", b": ", 1),
        LEDGER[0].replace(b'"event"', b'"event":1,"event"', 1),
        changed(OPENING, extra=1),
        changed(OPENING, league=""),
        changed(OPENING, league="x" * 101),
        changed(OPENING, objective="luck"),
    ],
)
def test_what_is_no_ledger_is_refused_at_its_first_line(line):
    assert fault([line]) == ("unreadable", 1)


@pytest.mark.parametrize(
    "seat",
    [
        {"rank": 0},
        {"rank": True},
        {"rank": 10**30},
        {"score": "1"},
        {"reward": 1e101},
        {"reward": 10**400},
        {"agent": None},
    ],
)
def test_a_seat_with_impossible_numbers_is_refused(seat):
    first = MATCH["episodes"][0]
    bad = {**first, "seats": [{**first["seats"][0], **seat}, first["seats"][1]]}
    assert fault([LEDGER[0], changed(MATCH, episodes=[bad])]) == ("unreadable", 2)


@pytest.mark.parametrize("change", [{"episodes": []}, {"lineup": []}, {"lineup": ["a"] * 65}])
def test_a_match_of_nothing_or_too_much_is_refused(change):
    assert fault([LEDGER[0], changed(MATCH, **change)]) == ("unreadable", 2)


def test_a_line_without_end_is_refused_before_it_is_parsed():
    assert fault([b"[" * (MOST_LINE_BYTES + 1)]) == ("too_large", 1)


def test_a_number_that_is_not_finite_is_not_sealed():
    match = duel("m1", NAMES[0], NAMES[1], 0)
    endless = match.episodes[0].seats[0].__class__(agent=0, rank=1, reward=float("nan"), score=0.0)
    episode = match.episodes[0].__class__(seed=0, seats=(endless, match.episodes[0].seats[1]))
    with pytest.raises(ValueError, match="JSON compliant"):
        list(seal([match.__class__(match="m1", lineup=match.lineup, episodes=(episode,))]))


@given(st.floats(-1e100, 1e100), st.integers(0, 2**63 - 1))
def test_numbers_come_back_to_the_last_bit(value, seed):
    match = duel("m1", NAMES[0], NAMES[1], 0)
    seat = match.episodes[0].seats[0].__class__(agent=0, rank=1, reward=value, score=value)
    episode = match.episodes[0].__class__(seed=seed, seats=(seat, match.episodes[0].seats[1]))
    whole = match.__class__(match="m1", lineup=match.lineup, episodes=(episode,))
    assert list(unseal(lines([opening(), whole])))[1].event == whole
