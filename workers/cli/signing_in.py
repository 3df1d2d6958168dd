"""`coliseum login`, `logout`, `whoami`: who one is on a site."""

import os
import socket
import sys

import click

from workers.cli.asking import json_option, server_option, site_of
from workers.cli.output import say, show_json, show_line
from workers.client import Client, Patience
from workers.client.device import ask_for_codes, wait_for_token
from workers.client.login import (
    Login,
    check_address,
    check_token,
    config_path,
    forget_login,
    keep_login,
    kept_login,
)
from workers.client.wire import Wire
from workers.refusals import RefusedError


@click.command()
@click.argument("server", required=False)
@click.option("--token", default="", help="An API token you have; `-` reads it from standard input.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(["read", "submit", "host"]),
    help="What the token may do, several times; read and submit if left out.",
)
@json_option
def login(server: str | None, token: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Sign in to SERVER: confirm a short code in any browser; a token is kept for the other commands."""
    kept = kept_login()
    address = server or os.environ.get("COLISEUM_SERVER") or (kept.server if kept else "")
    if not address:
        raise RefusedError("cli.usage", problem="Which site? coliseum login https://coliseum.example")
    address = check_address(address)
    wanted = check_token(_given(token) if token else _asked_for(address, scopes or ("read", "submit")))
    me = Client(address, wanted).get_me()
    path = keep_login(Login(address, wanted))
    if as_json:
        show_json({"server": address, "user": me.name, "scopes": me.scopes, "config": str(path)})
    else:
        say(f"Signed in to {address} as {me.name}; kept in {path}.")
    if os.environ.get("COLISEUM_TOKEN"):
        say("COLISEUM_TOKEN is set and goes before what was kept.")


def _given(token: str) -> str:
    if token != "-":  # noqa: S105 - the sign for standard input
        return token.strip()
    if sys.stdin.isatty():
        return str(click.prompt("Token", hide_input=True, err=True)).strip()
    return sys.stdin.readline(1000).strip()


def _asked_for(address: str, scopes: tuple[str, ...]) -> str:
    """Let a person confirm a code elsewhere; return the token."""
    wire = Wire(Login(address), Patience())
    try:
        device = ask_for_codes(wire, " ".join(scopes))
    except RefusedError as error:
        if error.code not in {"cli.bad_answer", "not_found"} or error.status == 503:
            raise
        problem = (
            f"{wire.host} gives no codes to confirm. Give it a token: coliseum login {address} --token -"
        )
        raise RefusedError("cli.usage", problem=problem) from error
    say(f"Open {device.verification_uri} in a browser and confirm this code: {device.user_code}")
    if device.verification_uri_complete:
        say(f"Or with the code in it: {device.verification_uri_complete}")
    say(f"Waiting for {device.expires_in // 60} minutes at most ...")
    try:
        return wait_for_token(wire, device, f"command line on {socket.gethostname()}"[:60])
    except KeyboardInterrupt as error:
        raise RefusedError("cli.interrupted", doing="waiting for the code to be confirmed") from error


@click.command()
@json_option
def logout(as_json: bool) -> None:
    """Revoke the kept token and forget it and its server."""
    kept = kept_login()
    is_revoked = kept is not None and bool(kept.token) and _revoked(kept)
    forget_login()
    if as_json:
        facts = {"was_signed_in": kept is not None, "revoked": is_revoked}
        show_json({"config": str(config_path()), **facts})
    elif kept is None:
        say("Nobody was signed in.")
    elif is_revoked:
        say(f"Signed out of {kept.server}; the token is revoked.")
    else:
        say(f"Signed out here. {kept.server} was not reached: revoke the token in the site's settings.")


def _revoked(kept: Login) -> bool:
    """Revoke a token; one that the server does not know any more counts as revoked."""
    try:
        Client(kept.server, kept.token, patience=Patience(tries=1)).revoke_token()
    except RefusedError as error:
        return error.status == 401
    return True


@click.command()
@server_option
@json_option
def whoami(server: str | None, as_json: bool) -> None:
    """Tell who you are on the site, your teams, and what your token may do."""
    site = site_of(server)
    me = site.get_me()
    if as_json:
        show_json({"server": site.server, **me.to_dict()})
        return
    show_line(me.name)
    say(f"on {site.server}; the token may: {', '.join(me.scopes or ())}")
    if me.teams:
        say(f"teams: {', '.join(team.name for team in me.teams)}")
