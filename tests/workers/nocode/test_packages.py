"""Uploads without code: what passes the inspection, and what is refused, also in the child process."""

import os

import numpy as np
import pytest

from tests.workers.nocode.models import linear
from tests.workers.refusing import refusal
from tests.workers.zips import AGENT, Entry, handmade, ordinary
from workers.archive import MIB
from workers.inspection import inspect_in_child
from workers.nocode.contents import is_model_package
from workers.package import inspect_package
from workers.packing import make_archive
from workers.refusals import RefusedError
from workers.staging import staged

BOARD_MODEL = linear(np.ones((84, 7)), inside="x").SerializeToString()
POLE_MODEL = linear(np.ones((4, 2))).SerializeToString()


def in_child(content, file_name="agent.zip", arena="connect_four-v3"):
    with staged(content) as file:
        return inspect_in_child(file, file_name=file_name, arena=arena)


def child_refusal(content, file_name="agent.zip", arena="connect_four-v3"):
    with pytest.raises(RefusedError) as caught:
        in_child(content, file_name, arena)
    return caught.value.code, caught.value.message


def test_one_onnx_file_is_a_submission():
    package = in_child(BOARD_MODEL, "my_best.ONNX")
    assert (package.kind, package.file_name, package.entry_point) == ("file", "policy.onnx", "model")
    assert package.size_bytes == package.unpacked_bytes == len(BOARD_MODEL)


def test_an_archive_with_manifest_and_notes_is_a_submission():
    files = {
        "policy.onnx": BOARD_MODEL,
        "policy.toml": "",
        "README.md": "trained",
        "LICENSE": "",
        "seeds.txt": "",
    }
    package = in_child(ordinary(files))
    assert (package.kind, package.file_name, package.entry_point) == ("archive", "agent.zip", "model")


def test_settings_of_macos_do_no_harm():
    files = {"policy.onnx": BOARD_MODEL, "__MACOSX/._policy.onnx": "x", ".DS_Store": "x"}
    assert len(inspect_package(ordinary(files), file_name="a.zip").warnings) == 1


def test_a_model_that_does_not_fit_the_arena_is_refused():
    wanted = (
        "onnx.input_mismatch",
        "policy.onnx: the input observation takes float32 (any, 4), but observation of seat 0 gives"
        " int8 (any, 6, 7, 2) or int8 (any, 84).",
    )
    assert child_refusal(POLE_MODEL, "policy.onnx") == wanted
    assert child_refusal(ordinary({"policy.onnx": POLE_MODEL})) == wanted
    assert in_child(POLE_MODEL, "policy.onnx", arena="CartPole-v1")


@pytest.mark.parametrize("arena", ["", "there_is_none-v1"])
def test_without_an_arena_to_compare_with_the_model_alone_is_checked(arena):
    assert in_child(POLE_MODEL, "policy.onnx", arena).entry_point == "model"
    assert child_refusal(b"hello", "policy.onnx", arena)[0] == "onnx.unreadable"


def test_a_plug_in_arena_that_prints_is_compared_with_too(tmp_path, monkeypatch):
    (tmp_path / "arena.py").write_text(
        "from dataclasses import replace\nimport arenas.games.cart_pole as known\n"
        "print('hello from the plug-in')\nSPECS = (replace(known.SPECS[0], id='Loud-v0'),)\n"
    )
    monkeypatch.setenv("COLISEUM_ARENAS", str(tmp_path))
    assert in_child(POLE_MODEL, "policy.onnx", "Loud-v0").entry_point == "model"
    assert child_refusal(BOARD_MODEL, "policy.onnx", "Loud-v0")[0] == "onnx.input_mismatch"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("agent.py", "agent.py"),
        ("helper.py", "helper.py"),
        ("net/w.npz", "net/w.npz"),
        ("net/b.onnx", "net/b.onnx"),
    ],
)
def test_a_manifest_and_other_files_are_refused_with_their_names(name, found):
    files = {"policy.onnx": BOARD_MODEL, "policy.toml": "", name: AGENT}
    assert refusal(ordinary(files)) == (
        "package.not_only_model",
        f"A submission without code holds policy.toml and ONNX files only. Found too: {found}.",
    )


def test_a_python_agent_may_have_a_model_called_policy_onnx():
    package = in_child(ordinary({"agent.py": AGENT, "policy.onnx": b"whatever it reads"}))
    assert package.entry_point == "class"
    assert not is_model_package(["agent.py", "policy.onnx"])


def test_python_without_agent_py_beside_a_model_is_refused():
    code, message = refusal(ordinary({"policy.onnx": BOARD_MODEL, "main.py": AGENT}))
    assert code == "package.not_only_model"
    assert "main.py" in message


def test_requirements_are_refused_as_everywhere():
    files = {"policy.onnx": BOARD_MODEL, "requirements.txt": "torch"}
    assert refusal(ordinary(files))[0] == "package.requirements_not_supported"


def test_a_model_inside_a_folder_is_refused_with_its_folder():
    assert refusal(ordinary({"best/policy.onnx": BOARD_MODEL})) == (
        "archive.no_agent",
        "policy.onnx is inside best/. Zip the files themselves, not the folder.",
    )


def test_models_and_manifest_must_name_the_same():
    assert refusal(ordinary({"policy.toml": 'model = "net.onnx"', "policy.onnx": BOARD_MODEL})) == (
        "package.missing_model",
        "policy.toml names the model net.onnx, which is not at the top of the archive. Found: policy.onnx.",
    )
    assert refusal(ordinary({"policy.onnx": BOARD_MODEL, "old.onnx": BOARD_MODEL})) == (
        "package.not_only_model",
        "old.onnx is not named in policy.toml, so it would never be played.",
    )


ROLES = '[roles.predator]\nmodel = "predator.onnx"\n[roles.prey]\nmodel = "prey.onnx"\n'


def roles(manifest=ROLES, predator=16, prey=14):
    return ordinary(
        {
            "policy.toml": manifest,
            "predator.onnx": linear(np.ones((predator, 5))).SerializeToString(),
            "prey.onnx": linear(np.ones((prey, 5))).SerializeToString(),
        }
    )


def test_each_role_may_have_a_model_of_its_own():
    assert in_child(roles(), arena="simple_tag-v3").entry_point == "model"
    code, message = child_refusal(roles(prey=16), arena="simple_tag-v3")
    assert code == "onnx.input_mismatch"
    assert "prey.onnx: the input observation takes float32 (any, 16), but observation of seat 3" in message


def test_a_role_the_arena_lacks_is_refused_with_those_it_has():
    assert child_refusal(roles(ROLES.replace("roles.prey", "roles.pray")), arena="simple_tag-v3") == (
        "manifest.unknown_key",
        "policy.toml has an unknown key: roles.pray. Known roles here: predator, prey.",
    )


def test_a_role_without_model_is_refused():
    only = ordinary(
        {
            "policy.toml": '[roles.prey]\nmodel = "prey.onnx"',
            "prey.onnx": linear(np.ones((14, 5))).SerializeToString(),
        }
    )
    assert child_refusal(only, arena="simple_tag-v3")[0] == "package.missing_model"


def test_a_wrong_manifest_is_refused():
    files = {"policy.onnx": BOARD_MODEL, "policy.toml": "[output]\nkynd = 1"}
    assert child_refusal(ordinary(files)) == (
        "manifest.unknown_key",
        "policy.toml has an unknown key: output.kynd. Did you mean kind?",
    )


def test_a_huge_model_is_refused_by_its_declared_size():
    assert refusal(ordinary({"policy.onnx": os.urandom(41 * MIB)})) == (
        "onnx.too_large",
        "policy.onnx has 42,991,616 bytes; the limit is 41,943,040.",
    )


def test_the_largest_model_is_read_within_the_childs_memory():
    wide = linear(np.random.default_rng(0).normal(size=(84, 7)), inside="x")
    rng = np.random.default_rng(1)
    spare = wide.graph.initializer.add(name="spare", data_type=1, dims=[9_990_000])
    spare.raw_data = rng.random(9_990_000, np.float32).tobytes()
    content = wide.SerializeToString()
    assert in_child(content, "policy.onnx").size_bytes == len(content)


def test_a_folder_without_code_is_packed_without_what_made_it(tmp_path):
    for name in ("policy.onnx", "policy.toml", "train.py", "log.txt"):
        (tmp_path / name).write_bytes(BOARD_MODEL if name == "policy.onnx" else b"")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "old.onnx").touch()
    package = inspect_package(make_archive(tmp_path), file_name="agent.zip")
    assert [file.name for file in package.files] == ["policy.onnx", "policy.toml"]


def test_a_damaged_note_is_found_too():
    notes = Entry(b"README.md", b"some words", crc=1)
    assert refusal(handmade(Entry(b"policy.onnx", BOARD_MODEL), notes))[0] == "archive.corrupt"
