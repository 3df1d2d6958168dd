"""A small OpenID Connect provider on the loopback: discovery, consent, tokens, keys, who somebody is."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "coliseum-test", "s3cret-of-the-client"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What the provider is asked, and how it answers."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    """Who is signed in there: `sub`, `email`, `email_verified`, `preferred_username`."""
    refuses: str = ""
    """What the consent page answers instead of a code: `access_denied` ..."""
    garbles: str = ""
    """Which address answers nonsense: `/token`, `/userinfo`."""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def configuration(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        places["userinfo_endpoint"] = "userinfo"
        return {"issuer": self.url} | {name: f"{self.url}/{place}" for name, place in places.items()}

    def consent(self, query: dict[str, str]) -> str:
        """Return where the browser is sent from the page on which somebody says yes or no."""
        if self.refuses:
            return f"{query['redirect_uri']}?{urlencode({'error': self.refuses, 'state': query['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def tokens(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Return tokens for a code: once, to the client that asked for it and proves it (PKCE)."""
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or authorization != f"Basic {wanted}" or asked.get("code_challenge") != challenge:
            return None
        now = int(time.time())
        claims = self.person | {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300}
        signed = jwt.encode(claims, _KEY, algorithm="RS256", headers={"kid": "k1"})
        return {"access_token": "at-1", "token_type": "Bearer", "expires_in": 300, "id_token": signed}


class _Door(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.provider.asked.append(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._answer(200, self.provider.configuration())
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.consent(query))
            self.end_headers()
        elif parts.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            self._answer(200, {"keys": [key | {"kid": "k1", "alg": "RS256"}]})
        elif parts.path == "/userinfo" and self.headers["Authorization"] == "Bearer at-1":
            self._answer(200, self.provider.person)
        else:
            self._answer(404, {"error": "not_found"})

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        tokens = self.provider.tokens(form, self.headers.get("Authorization", ""))
        self._answer(200 if tokens else 400, tokens or {"error": "invalid_grant"})

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = b"<html>\xff" if self.provider.garbles == self.path else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def open_provider() -> Iterator[Provider]:
    """Serve a provider until the block ends."""
    provider = Provider()
    door = type("Door", (_Door,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server:
        provider.url = f"http://localhost:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
