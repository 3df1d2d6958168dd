"""Other sites to sign in with: there when configured, and a half configuration stops the start."""

import pytest

from coliseum.environment import SettingError
from coliseum.providers import configured_providers, provider_origins

OIDC = {"COLISEUM_OIDC_CLIENT_ID": "us", "COLISEUM_OIDC_SECRET": "s"}


@pytest.fixture
def configure(monkeypatch):
    """Return a way to set variables."""

    def set_all(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return set_all


def test_none_is_there_without_its_keys():
    assert (configured_providers(), provider_origins()) == ({}, [])


def test_a_secret_may_come_from_a_file(configure, tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    configure(COLISEUM_GITHUB_CLIENT_ID="us", COLISEUM_GITHUB_SECRET_FILE=str(file))
    assert configured_providers()["github"]["APPS"] == [{"client_id": "us", "secret": "from the file"}]
    assert provider_origins() == ["https://github.com"]


def test_any_openid_server_is_one_more(configure):
    configure(**OIDC, COLISEUM_OIDC_SERVER="https://login.example.org/realm", COLISEUM_OIDC_NAME="School")
    (app,) = configured_providers()["openid_connect"]["APPS"]
    assert (app["name"], app["settings"]["server_url"]) == ("School", "https://login.example.org/realm")
    assert provider_origins() == ["https://login.example.org"]


@pytest.mark.parametrize(
    "variables",
    [
        {"COLISEUM_GOOGLE_CLIENT_ID": "us"},
        {"COLISEUM_ORCID_SECRET": "s"},
        OIDC,
        OIDC | {"COLISEUM_OIDC_SERVER": "login.example.org"},
        OIDC | {"COLISEUM_OIDC_SERVER": "http://login.example.org"},
    ],
)
def test_half_a_configuration_stops_the_start(configure, variables):
    configure(**variables)
    with pytest.raises(SettingError):
        configured_providers()
