"""`coliseum new --onnx`: a folder that passes the inspection of its arena as it is."""

import json

import pytest
from click.testing import CliRunner

from arenas import registry
from arenas.codec import MultiBinary, MultiDiscrete, Text
from tests.workers.nocode.models import spaces
from workers.cli.new import new
from workers.inspection import inspect_in_child
from workers.nocode.template import make_template
from workers.packing import make_archive
from workers.refusals import RefusedError
from workers.staging import package_limits, staged


@pytest.mark.parametrize("arena", ["connect_four-v3", "BipedalWalker-v3", "simple_tag-v3", "pistonball-v6"])
def test_the_folder_passes_the_inspection_of_its_arena(tmp_path, arena):
    made = CliRunner().invoke(new, [str(tmp_path / "made"), "--arena", arena, "--onnx", "--json"])
    assert made.exit_code == 0, made.output
    assert {"policy.toml", "export.py"} < set(json.loads(made.output)["files"])
    limits = package_limits(registry.get(arena).limits)
    with staged(make_archive(tmp_path / "made")) as file:
        package = inspect_in_child(file, file_name="agent.zip", limits=limits, arena=arena)
    assert package.entry_point == "model"
    assert "export.py" not in [each.name for each in package.files]


def test_a_model_starts_from_no_baseline(tmp_path):
    arguments = [str(tmp_path / "made"), "--arena", "connect_four-v3", "--onnx", "--baseline", "heuristic"]
    caught = CliRunner().invoke(new, arguments).exception
    assert isinstance(caught, RefusedError)
    assert caught.message == "--onnx starts from no baseline; leave one of the two out."


def test_several_choices_get_a_number_each():
    assert "policy.onnx" in make_template([spaces(action=MultiDiscrete((2, 3), (2,)))])


def test_where_no_model_can_play_there_is_no_template():
    for seat in (spaces(action=MultiBinary((3,))), spaces(observation=Text(5))):
        with pytest.raises(RefusedError) as caught:
            make_template([seat])
        assert caught.value.code in {"onnx.output_mismatch", "onnx.input_mismatch"}
