import hashlib
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workers.blobs import PackageShelf
from workers.errors import BlobError
from workers.spec import AgentRef


def ref_of(content, url=""):
    return AgentRef("s1", hashlib.sha256(content).hexdigest(), "agent.py", url)


def put(folder, content, *, digest=None):
    ref = ref_of(content)
    path = folder / "packages" / (digest or ref.digest)[:2] / (digest or ref.digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return ref


@contextmanager
def served(content, *, status=200, length=None, location=""):
    class Door(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(content) if length is None else length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/package"
        finally:
            server.shutdown()
            thread.join()


def test_a_package_is_read_from_the_shared_folder_and_kept(tmp_path):
    shelf, ref = PackageShelf(tmp_path), put(tmp_path, b"agent")
    assert shelf.fetch(ref) == b"agent"
    (tmp_path / "packages" / ref.digest[:2] / ref.digest).unlink()
    assert shelf.fetch(ref) == b"agent"


def test_a_damaged_package_is_never_given_out(tmp_path):
    ref = ref_of(b"agent")
    put(tmp_path, b"other", digest=ref.digest)
    with pytest.raises(BlobError, match="damaged"):
        PackageShelf(tmp_path).fetch(ref)


def test_a_missing_package_or_folder_is_an_error_of_ours(tmp_path):
    with pytest.raises(BlobError, match="FileNotFoundError"):
        PackageShelf(tmp_path).fetch(ref_of(b"agent"))
    with pytest.raises(BlobError, match="shares no folder"):
        PackageShelf(None).fetch(ref_of(b"agent"))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "/etc/passwd", "gopher://x", "data:,x"]
)
def test_an_address_that_is_not_http_is_refused(url):
    with pytest.raises(BlobError, match="http or https"):
        PackageShelf(None).fetch(ref_of(b"agent", url))


@pytest.mark.parametrize(
    "url", ["http://[", "http://127.0.0.1:port/x", "http://a b/", "http://127.0.0.1:9/x"]
)
def test_an_address_that_cannot_be_read_is_an_error_of_ours(url):
    with pytest.raises(BlobError):
        PackageShelf(None).fetch(ref_of(b"agent", url))


def test_a_package_is_fetched_from_its_address_and_checked():
    with served(b"agent") as url:
        assert PackageShelf(None).fetch(ref_of(b"agent", url)) == b"agent"
        with pytest.raises(BlobError, match="damaged"):
            PackageShelf(None).fetch(ref_of(b"another", url))


def test_an_answer_that_is_cut_off_or_refused_is_an_error_of_ours():
    with served(b"agent", length=99) as url, pytest.raises(BlobError):
        PackageShelf(None).fetch(ref_of(b"agent", url))
    with served(b"no", status=404) as url, pytest.raises(BlobError, match="HTTPError"):
        PackageShelf(None).fetch(ref_of(b"agent", url))


def test_a_redirect_to_a_file_is_not_followed():
    with served(b"", status=302, location="file:///etc/passwd") as url, pytest.raises(BlobError):
        PackageShelf(None).fetch(ref_of(b"agent", url))


def test_no_more_is_kept_than_allowed_and_the_oldest_goes_first(tmp_path):
    shelf = PackageShelf(tmp_path, keep_bytes=25)
    refs = [put(tmp_path, bytes([letter]) * 10) for letter in b"abc"]
    shelf.fetch(refs[0])
    shelf.fetch(refs[1])
    shelf.fetch(refs[0])
    shelf.fetch(refs[2])
    assert list(shelf._kept) == [refs[0].digest, refs[2].digest]
    big = put(tmp_path, b"z" * 100)
    assert shelf.fetch(big) == b"z" * 100
    assert sum(map(len, shelf._kept.values())) <= 25
