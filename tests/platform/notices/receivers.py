"""Receivers of webhooks on a Unix socket, with TLS, for tests that must not touch the network."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.example.org"
PUBLIC = "93.184.216.34"


def write_certificate(folder: Path, host: str = HOST) -> Path:
    """Write a certificate of its own for a host, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    context: ssl.SSLContext | None = None

    def get_request(self):
        stream, _address = super().get_request()
        if self.context:
            stream = self.context.wrap_socket(stream, server_side=True, do_handshake_on_connect=False)
        return stream, ("receiver", 0)

    def handle_error(self, request, client_address):
        """A sender that hangs up is what some tests are about."""


def connector(path: Path) -> Callable[[str, int, float], socket.socket]:
    """Return how to reach a receiver, whatever address is asked for."""

    def connect(address: str, port: int, seconds: float) -> socket.socket:
        stream = socket.socket(socket.AF_UNIX)
        stream.settimeout(seconds)
        try:
            stream.connect(str(path))
        except OSError:
            stream.close()
            raise
        return stream

    return connect


@contextmanager
def receiving(
    handler: type[BaseHTTPRequestHandler], path: Path, certificate: Path | None = None
) -> Iterator[Callable[[str, int, float], socket.socket]]:
    """Run a receiver for as long as the block; give how to reach it."""
    with _Server(str(path), handler) as server:
        if certificate:
            server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.context.load_cert_chain(certificate)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield connector(path)
        finally:
            server.shutdown()
