"""Tokens and one-time sign-in links."""

import re
import string
import zlib
from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.accounts.models import SignInLink, Token
from coliseum.accounts.queries import token_of, tokens_of
from coliseum.accounts.services import (
    claim_sign_in_link,
    create_sign_in_link,
    create_token,
    digest_of,
    ensure_user,
    revoke_token,
)
from workers.refusals import RefusedError


def test_only_the_digest_of_a_token_is_kept(ann):
    token, secret = create_token(user=ann, name=" laptop ", scopes=["submit"])
    assert secret.startswith("col_")
    assert token.digest == digest_of(secret)
    assert secret not in str(vars(token))
    assert (token.name, token.scopes) == ("laptop", ["read", "submit"])
    assert token_of(secret).user == ann


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "root"]])
def test_an_unknown_scope_is_refused(ann, scopes):
    with pytest.raises(RefusedError) as refused:
        create_token(user=ann, name="x", scopes=scopes)
    assert refused.value.code == "request.bad_field"
    assert not Token.objects.exists()


def test_a_token_ends_by_revoking_by_time_and_with_its_owner(ann, bob):
    token, secret = create_token(user=ann, name="x", scopes=["read"])
    revoke_token(token=token)
    assert token_of(secret) is None
    _, dated = create_token(user=ann, name="x", scopes=["read"], days=1)
    assert token_of(dated)
    Token.objects.filter(expires_at__isnull=False).update(expires_at=clock.now())
    assert token_of(dated) is None
    _, gone = create_token(user=bob, name="x", scopes=["read"])
    bob.is_active = False
    bob.save()
    assert token_of(gone) is None
    assert token_of("col_never-made") is None


def test_revoking_again_keeps_the_first_time(ann):
    token, _ = create_token(user=ann, name="x", scopes=["read"])
    revoke_token(token=token)
    first = Token.objects.get().revoked_at
    revoke_token(token=token)
    assert Token.objects.get().revoked_at == first


def test_the_last_use_is_noted_once_a_minute(ann):
    _, secret = create_token(user=ann, name="x", scopes=["read"])
    token_of(secret)
    first = Token.objects.get().last_used_at
    token_of(secret)
    assert Token.objects.get().last_used_at == first
    Token.objects.update(last_used_at=clock.now() - timedelta(minutes=2))
    token_of(secret)
    assert Token.objects.get().last_used_at >= first


def test_a_person_sees_only_their_own_tokens(ann, bob):
    create_token(user=ann, name="a", scopes=["read"])
    create_token(user=bob, name="b", scopes=["read"])
    assert [token.name for token in tokens_of(ann)] == ["a"]


def test_a_link_signs_in_once(ann):
    secret = create_sign_in_link(user=ann).rpartition("/")[2]
    assert claim_sign_in_link(secret=secret) == ann
    assert claim_sign_in_link(secret=secret) is None
    assert claim_sign_in_link(secret="guess") is None


def test_an_old_link_does_nothing(ann):
    secret = create_sign_in_link(user=ann).rpartition("/")[2]
    SignInLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert claim_sign_in_link(secret=secret) is None


def test_a_leaked_token_can_be_told_from_other_text(ann):
    signs = string.digits + string.ascii_uppercase + string.ascii_lowercase
    _, secret = create_token(user=ann, name="x", scopes=["read"])
    found = re.fullmatch(r"col_([0-9A-Za-z]{34})([0-9A-Za-z]{6})", secret)
    value = sum(signs.index(sign) * 62**place for place, sign in enumerate(reversed(found[2])))
    assert value == zlib.crc32(found[1].encode())


@pytest.mark.parametrize("name", ["x", "ann\u200b", "a b", "_ann"])
def test_the_rules_of_names_hold_on_the_servers_shell_too(db, name):
    with pytest.raises(RefusedError):
        ensure_user(username=name)
    assert ensure_user(username="ci") == ensure_user(username="ci")
