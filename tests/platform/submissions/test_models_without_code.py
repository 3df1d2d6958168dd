"""A trained network as a submission: accepted, stored and shown like any other, refused with its reason."""

import numpy as np
import pytest

from coliseum import storage
from coliseum.submissions.services import accept_upload
from tests.platform.conftest import upload_of
from tests.workers.nocode.models import linear
from workers.refusals import RefusedError

FITTING = linear(np.ones((84, 7))).SerializeToString()


def test_a_bare_model_is_kept_under_the_name_the_runner_knows(entry, ann, tmp_path):
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(FITTING, tmp_path, name="policy.onnx"))
    assert (made.package.file_name, made.package.entry_point) == ("policy.onnx", "model")
    assert made.name == "Four Seasons"
    assert storage.read_package(made.package_id) == FITTING


def test_a_model_is_compared_with_the_arena_of_the_competition(entry, ann, tmp_path):
    other = linear(np.ones((4, 2))).SerializeToString()
    with pytest.raises(RefusedError, match=r"takes float32 \(any, 4\)") as caught:
        accept_upload(entry=entry, user=ann, upload=upload_of(other, tmp_path, name="mine.onnx"))
    assert (caught.value.code, caught.value.field) == ("onnx.input_mismatch", "file")
    assert not entry.submissions.exists()


def test_its_owner_sees_what_it_is_and_gets_it_back(client, entry, ann, tmp_path):
    made, _ = accept_upload(entry=entry, user=ann, upload=upload_of(FITTING, tmp_path, name="mine.onnx"))
    client.force_login(ann)
    assert "ONNX model, no code" in client.get(f"/submissions/{made.pk}/").content.decode()
    answer = client.get(f"/submissions/{made.pk}/package")
    assert answer["Content-Disposition"] == 'attachment; filename="agent-v1.onnx"'
    assert answer.content == FITTING
