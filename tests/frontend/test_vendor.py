"""Vendored files are what they say they are."""

import hashlib
import re

from tests.frontend.rendering import FRONTEND

VENDOR = FRONTEND / "static" / "vendor"


def test_every_vendored_script_has_its_hash_in_the_readme():
    rows = re.findall(
        r"^\| (\S+\.js) \| [\d.]+ \| \S+ \| ([0-9a-f]{64}) \|$", (VENDOR / "README.md").read_text(), re.M
    )
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}
    assert found == dict(rows)
    assert found
