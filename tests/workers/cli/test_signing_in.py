"""Who one is: by a code that is confirmed elsewhere, by a token, by the environment."""

import json
import stat
from urllib.parse import parse_qs

import pytest

from tests.workers.shapes import answer
from workers.client.answers.competition_answers import Me
from workers.client.answers.submission_answers import SubmissionDetail

ME = answer(Me, name="ann", scopes=["read", "submit"], teams=[{"id": "t1", "name": "Four Seasons"}])
CODES = {
    "device_code": "long-secret",
    "user_code": "WDJB-MJHT",
    "verification_uri": "http://site/device",
    "verification_uri_complete": "http://site/device?code=WDJB-MJHT",
    "expires_in": 300,
    "interval": 5,
}


@pytest.fixture
def waited(monkeypatch):
    """How long the command waited between its questions."""
    seconds = []
    monkeypatch.setattr("workers.client.device.sleep", seconds.append)
    return seconds


def pending(error):
    return (400, {"error": error})


def test_a_code_is_shown_and_waited_for_until_a_person_confirmed_it(coliseum, config, site, waited):
    site.put_page("/device/code", CODES)
    granted = {"access_token": "col_given", "token_type": "Bearer", "scope": "read submit"}
    site.put_page("/device/token", pending("authorization_pending"), None, pending("slow_down"), granted)
    site.put("/me", ME)
    run = coliseum("login", site.address)
    assert (run.status, run.out) == (0, "")
    assert "Open http://site/device in a browser and confirm this code: WDJB-MJHT" in run.err
    assert f"Signed in to {site.address} as ann" in run.err
    assert "col_given" not in run.err
    assert waited == [5, 5, 5, 10]
    first, *polls, me = site.requests
    assert parse_qs(first[3].decode()) == {"client_id": ["coliseum-cli"], "scope": ["read submit"]}
    asked = parse_qs(polls[0][3].decode())
    assert (asked["device_code"], asked["client_id"]) == (["long-secret"], ["coliseum-cli"])
    assert asked["name"][0].startswith("command line on ")
    assert me[2]["Authorization"] == "Bearer col_given"
    assert 'token = "col_given"' in config.read_text()


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        ("access_denied", "cli.sign_in_denied", 3),
        ("invalid_grant", "cli.sign_in_expired", 3),
        ("expired_token", "cli.sign_in_expired", 3),
    ],
)
def test_a_code_that_is_denied_or_too_old_signs_nobody_in(
    coliseum, config, site, waited, error, code, status
):
    site.put_page("/device/code", CODES)
    site.put_page("/device/token", pending(error))
    run = coliseum("login", site.address, "--json")
    assert (run.status, json.loads(run.out)["error"]["code"]) == (status, code)
    assert not config.exists()


def test_a_code_that_nobody_confirms_is_given_up(coliseum, config, site, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("workers.client.device.monotonic", lambda: now[0])
    monkeypatch.setattr("workers.client.device.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    site.put_page("/device/code", CODES | {"expires_in": 12})
    site.put_page("/device/token", pending("authorization_pending"))
    run = coliseum("login", site.address)
    assert run.status == 3
    assert "Nobody confirmed the code in time." in run.err
    assert len(site.requests) == 4


def test_ctrl_c_while_waiting_for_the_code_ends_it(coliseum, config, site, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("workers.client.device.sleep", interrupted)
    site.put_page("/device/code", CODES)
    assert coliseum("login", site.address).status == 130


def test_a_server_without_codes_asks_for_a_token(coliseum, config, site):
    run = coliseum("login", site.address, "--json")
    assert run.status == 2
    assert "--token -" in json.loads(run.out)["error"]["message"]
    assert coliseum("login").err.startswith("error [cli.usage] Which site?")


def test_login_keeps_server_and_token_in_a_file_of_the_owner_alone(coliseum, config, site):
    site.put("/me", ME)
    config.parent.mkdir(mode=0o755)
    draft = config.with_suffix(".new")
    draft.write_text("left behind")
    draft.chmod(0o644)
    run = coliseum("login", site.address + "/", "--token", " secret-token ")
    assert run.status == 0
    assert "as ann" in run.err
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert not draft.exists()
    assert site.requests[0][2]["Authorization"] == "Bearer secret-token"
    site.put("/submissions/s1", answer(SubmissionDetail, id="s1", state="ready"))
    assert coliseum("status", "s1").out == "ready\n"
    assert site.requests[-1][2]["Authorization"] == "Bearer secret-token"
    assert site.requests[-1][2]["User-Agent"].startswith("coliseum/")


def test_a_kept_token_goes_to_its_own_server_alone_and_the_environment_wins(
    coliseum, config, site, monkeypatch
):
    config.parent.mkdir()
    config.write_text('server = "http://elsewhere.example"\ntoken = "kept"\n')
    site.put("/me", ME)
    assert coliseum("whoami", "--server", site.address).status == 0
    assert "Authorization" not in site.requests[-1][2]
    config.write_text(f'server = "{site.address}"\ntoken = "kept"\n')
    coliseum("whoami")
    assert site.requests[-1][2]["Authorization"] == "Bearer kept"
    monkeypatch.setenv("COLISEUM_TOKEN", "given")
    coliseum("whoami")
    assert site.requests[-1][2]["Authorization"] == "Bearer given"


def test_whoami_tells_name_teams_and_what_the_token_may(coliseum, signed_in):
    signed_in.put("/me", ME)
    run = coliseum("whoami")
    assert run.out == "ann\n"
    assert "the token may: read, submit" in run.err
    assert "Four Seasons" in run.err
    assert coliseum("whoami", "--json").json["scopes"] == ["read", "submit"]


def test_logout_revokes_the_token_and_forgets_it(coliseum, config, site):
    config.parent.mkdir()
    config.write_text(f'server = "{site.address}"\ntoken = "kept"\n')
    site.put("/me/token", (204, b""))
    run = coliseum("logout")
    assert (run.status, config.exists()) == (0, False)
    assert [(each[0], each[2]["Authorization"]) for each in site.requests] == [("DELETE", "Bearer kept")]
    assert coliseum("logout", "--json").json["was_signed_in"] is False
    config.write_text(f'server = "{site.address}"\ntoken = "kept"\n')
    site.refuse("/me/token", 401, "auth.bad_token")
    assert coliseum("logout").status == 0
    config.write_text('server = "http://127.0.0.1:9"\ntoken = "kept"\n')
    run = coliseum("logout")
    assert (run.status, config.exists()) == (0, False)
    assert "revoke the token in the site's settings" in run.err


def test_login_tells_json_and_keeps_nothing_that_the_server_refused(coliseum, config, site):
    site.refuse("/me", 401, "auth.bad_token", "This API token is not valid.")
    assert coliseum("login", site.address, "--token", "x", "--json").error["code"] == "auth.bad_token"
    assert coliseum("login", site.address, "--token", "x").status == 3
    assert not config.exists()
    site.put("/me", ME)
    found = coliseum("login", site.address, "--token", "x", "--json").json
    scopes = ["read", "submit"]
    assert found == {"server": site.address, "user": "ann", "scopes": scopes, "config": str(config)}


@pytest.mark.parametrize("token", ["two words", "sécret", "a\nb"])
def test_a_token_that_cannot_be_sent_is_a_usage_error(coliseum, site, token):
    run = coliseum("login", site.address, "--token", token, "--json")
    assert (run.status, run.error["code"]) == (2, "cli.usage")
    assert site.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "http://[",
        "ftp://x",
        "http://",
        "http://x:port",
        "http://x:99999",
        "a b",
        "http://u:p@x",
        "http://x?q",
    ],
)
def test_what_is_no_address_is_a_usage_error(coliseum, address):
    run = coliseum("login", address, "--token", "x")
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("error [cli.usage] ")


def test_a_configuration_that_cannot_be_written_is_refused(coliseum, config, site, monkeypatch):
    site.put("/me", ME)
    monkeypatch.setenv("COLISEUM_CONFIG", str(config.parent.parent / "mine.py" / "config.toml"))
    assert coliseum("login", site.address, "--token", "x").status == 2


@pytest.mark.parametrize(
    ("content", "place"),
    [("server = 'x'\n\ntoken 5\n", "line 3: "), ("server = [", ""), (b"\xff\xfe", "no text in UTF-8")],
)
def test_b82_a_broken_configuration_is_told_with_its_line(coliseum, config, content, place):
    config.parent.mkdir()
    config.write_bytes(content if isinstance(content, bytes) else content.encode())
    run = coliseum("status", "s1")
    assert (run.status, run.out) == (2, "")
    assert "error [cli.bad_config]" in run.err
    assert "config.toml" in run.err
    assert place in run.err
