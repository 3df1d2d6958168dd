"""policy.toml: every key, and the exact answer to every wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.nocode.manifest import Input, Output, read_manifest
from workers.refusals import RefusedError


def refusal(text):
    with pytest.raises(RefusedError) as caught:
        read_manifest(text if isinstance(text, bytes) else text.encode())
    assert caught.value.field == "file"
    return caught.value.code, caught.value.message


def test_an_empty_manifest_has_all_defaults():
    manifest = read_manifest(b"")
    assert (manifest.model, manifest.input, manifest.output) == ("policy.onnx", {}, Output())


def test_every_key_is_read():
    manifest = read_manifest(
        b"""
        model = "net.onnx"
        [input.obs]
        part = "observation"
        mean = [0, 1.5]
        std = 2
        clip = [-1, 1.0]
        channels = "first"
        [output]
        name = "logits"
        kind = "logits"
        choose = "sample"
        temperature = 0.5
        mask = false
        [state]
        h = "h_out"
        [roles.prey]
        model = "prey.onnx"
        [roles.prey.output]
        squash = "tanh"
        rescale = true
        """
    )
    assert manifest.input["obs"] == Input("observation", (0.0, 1.5), 2.0, (-1.0, 1.0), "first")
    assert manifest.output == Output("logits", "logits", "sample", 0.5, False)
    assert manifest.state == {"h": "h_out"}
    assert manifest.section_of("prey").output == Output(squash="tanh", rescale=True)
    assert manifest.section_of("predator") is manifest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[outputs]", "policy.toml has an unknown key: outputs. Did you mean output?"),
        ("[output]\nchose = 1", "policy.toml has an unknown key: output.chose. Did you mean choose?"),
        ("[input.x]\nmeen = 1", "policy.toml has an unknown key: input.x.meen. Did you mean mean?"),
        (
            "[roles.a.output]\nmaks = 1",
            "policy.toml has an unknown key: roles.a.output.maks. Did you mean mask?",
        ),
        (
            "zzz = 1",
            "policy.toml has an unknown key: zzz. Known at the top: model, input, output, state, roles.",
        ),
        (
            "[input.x]\nq = 1",
            "policy.toml has an unknown key: input.x.q. Known in [input.x]: part, mean, std, clip, channels.",
        ),
    ],
)
def test_unknown_keys_are_refused_with_what_was_probably_meant(text, message):
    assert refusal(text) == ("manifest.unknown_key", message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model = 5", "policy.toml: model must be a text, not a whole number."),
        ("output = 5", "policy.toml: output must be a table, not a whole number."),
        (
            "[output]\nkind = 'sum'",
            'policy.toml: output.kind must be "auto" or "logits" or "values" or "action", not \'sum\'.',
        ),
        (
            "[input.x]\nstd = 0",
            "policy.toml: input.x.std must be numbers above 0, not 0, less, NaN or infinity.",
        ),
        (
            "[input.x]\nstd = [1, nan]",
            "policy.toml: input.x.std must be numbers above 0, not 0, less, NaN or infinity.",
        ),
        ("[input.x]\nmean = inf", "policy.toml: input.x.mean must be ordinary numbers, not NaN or infinity."),
        (
            "[input.x]\nclip = -1",
            "policy.toml: input.x.clip must be a number above 0, or [low, high], not -1.0.",
        ),
        ("[input.x]\nmean = 'x'", "policy.toml: input.*.mean must be a number or a list, not a text."),
        ("[output]\ntemperature = 0", "policy.toml: output.temperature must be a number above 0, not 0.0."),
        (
            "model = '../x'",
            "policy.toml: model must be the name of an .onnx file at the top of the archive, not ../x.",
        ),
        (
            "[output]\nkind = 'values'\nchoose = 'sample'",
            'policy.toml: output.choose = "sample" needs logits; values are chosen by the greatest.',
        ),
        (
            "[state]\nh = 'h2'\n[input.h]\npart = 'x'",
            "policy.toml: the input h is fed by [state] and by [input]; leave one of them out.",
        ),
        ("[state]\nh = ''", 'policy.toml: state.h must be the name of an output, not "".'),
    ],
)
def test_wrong_values_are_refused_with_what_is_right(text, message):
    assert refusal(text) == ("manifest.bad_value", message)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("model = ", "Invalid value"),
        (b"\xff\xfe", "byte 1 is not UTF-8"),
        (b"#" * (1 << 20) + b"#", "longer than 1 MB"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = " + "9" * 5000, "digits"),
    ],
)
def test_what_is_no_toml_is_refused(text, problem):
    code, message = refusal(text)
    assert code == "manifest.unreadable"
    assert problem in message


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text):
    try:
        read_manifest(text.encode("utf-8", "surrogatepass"))
    except RefusedError as error:
        assert error.code.startswith("manifest.")  # noqa: PT017
