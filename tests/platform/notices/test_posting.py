"""One request to a stranger: signed, short, never on to another address, never for long."""

import re
import ssl
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from coliseum.notices.posting import PostError, post, signed_headers
from coliseum.notices.targets import Target
from tests.platform.notices.receivers import HOST, PUBLIC, connector, receiving, write_certificate

SECRET = "whsec_" + "QUJD" * 8
BODY = '{"type":"ping"}'
PLAIN = Target("http", HOST, 80, "/in?a=1", (PUBLIC,))
SAFE = Target("https", HOST, 443, "/in", (PUBLIC,))
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "participant.md"


def headers():
    return signed_headers(secret=SECRET, message="msg1", body=BODY, at=datetime.now(UTC))


class Echo(BaseHTTPRequestHandler):
    """Answers with the path, host and body it was sent."""

    def do_POST(self):
        content = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(int(self.path.partition("status=")[2] or 200))
        self.send_header("location", "https://169.254.169.254/")
        self.end_headers()
        self.wfile.write(f"{self.path} {self.headers['host']} \x1b[2J<b> ".encode() + content)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return a certificate of the receiver's host."""
    return write_certificate(tmp_path_factory.mktemp("tls"))


def test_a_message_arrives_with_its_name_path_and_body(tmp_path):
    with receiving(Echo, tmp_path / "s") as connect:
        answer = post(PLAIN, body=BODY, headers=headers(), connect=connect)
    assert answer.is_good
    assert answer.beginning == f"/in?a=1 {HOST} \\x1b[2J<b> {BODY}"


def test_it_goes_over_tls_to_whom_the_certificate_names_only(tmp_path, certificate):
    trust = ssl.create_default_context(cafile=certificate)
    with receiving(Echo, tmp_path / "s", certificate) as connect:
        assert post(SAFE, body=BODY, headers=headers(), connect=connect, trust=trust).status == 200
        other = Target("https", "other.example.org", 443, "/", (PUBLIC,))
        for target, believed in ((other, trust), (SAFE, None)):
            with pytest.raises(PostError, match="certificate is not valid"):
                post(target, body=BODY, headers=headers(), connect=connect, trust=believed)


def test_it_connects_to_the_address_that_was_looked_up_and_to_no_other(tmp_path):
    asked = []

    def noting(address, port, seconds):
        asked.append((address, port))
        return connector(tmp_path / "s")(address, port, seconds)

    with receiving(Echo, tmp_path / "s"):
        answer = post(
            Target("http", HOST, 80, "/?status=302", (PUBLIC,)), body=BODY, headers=headers(), connect=noting
        )
    assert asked == [(PUBLIC, 80)]
    assert (answer.status, answer.is_good) == (302, False)


class Dripping(BaseHTTPRequestHandler):
    """Sends a byte now and then, for ever."""

    def do_POST(self):
        self.wfile.write(b"HTTP/1.0 200 OK\r\n")
        while True:
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.02)


class Flooding(Dripping):
    """Sends as much as is taken."""

    def do_POST(self):
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        while True:
            self.wfile.write(b"y" * 65_536)


class Babbling(Dripping):
    """Speaks something else."""

    def do_POST(self):
        self.wfile.write(b"\x00\xffSSH-2.0-nothing\r\n\r\n")


def test_a_receiver_that_drips_is_left_behind(tmp_path):
    began = time.monotonic()
    with (
        receiving(Dripping, tmp_path / "s") as connect,
        pytest.raises(PostError, match=r"No answer within 0\.3 s"),
    ):
        post(PLAIN, body=BODY, headers=headers(), seconds=0.3, connect=connect)
    assert time.monotonic() - began < 5


def test_of_a_flood_the_beginning_is_read(tmp_path):
    with receiving(Flooding, tmp_path / "s") as connect:
        assert post(PLAIN, body=BODY, headers=headers(), connect=connect).beginning == "y" * 199 + "…"


def test_what_is_no_http_and_who_is_not_there_fail_with_a_reason(tmp_path):
    with receiving(Babbling, tmp_path / "s") as connect, pytest.raises(PostError, match="connection failed"):
        post(PLAIN, body=BODY, headers=headers(), connect=connect)
    with pytest.raises(PostError, match="FileNotFoundError"):
        post(PLAIN, body=BODY, headers=headers(), connect=connector(tmp_path / "nobody"))


def test_the_signature_is_that_of_standard_webhooks():
    assert Webhook(SECRET).verify(BODY, headers()) == {"type": "ping"}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + " ", headers())


def test_the_receiver_of_the_documents_takes_ours_and_nothing_else(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    (code,) = re.findall(r"```python\n(# receiver\.py.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    made = {"__name__": "receiver"}
    exec(compile(code, "receiver.py", "exec"), made)
    body = '{"type":"rejected","data":{"title":"It failed"}}'
    with receiving(made["Receiver"], tmp_path / "s") as connect:
        signed = signed_headers(secret=SECRET, message="msg2", body=body, at=datetime.now(UTC))
        assert post(PLAIN, body=body, headers=signed, connect=connect).status == 204
        assert post(PLAIN, body=body + " ", headers=signed, connect=connect).status == 400
    assert "It failed" in capsys.readouterr().out
