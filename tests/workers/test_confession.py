import msgspec
import pytest

from workers import confession
from workers.protocol import FAULT_BYTES
from workers.spec import Outcome


def caught(text, folder="/package"):
    """Run an agent's source as a file of its package; return what it raised."""
    try:
        exec(compile(text, f"{folder}/agent.py", "exec"), {})
    except BaseException as error:
        return error
    raise AssertionError


def test_only_the_agent_s_own_frames_are_told():
    fault = confession.of(caught("import json\njson.loads('{')"), "/package", "act")
    assert fault.outcome == Outcome.CRASHED
    assert fault.message.startswith("JSONDecodeError: Expecting property name")
    assert 'File "agent.py", line 2' in fault.evidence
    assert "json/decoder" not in fault.evidence
    assert "test_confession" not in fault.evidence


@pytest.mark.parametrize("letter", ["x", "ж", "漢", "\U0001f3db"])
def test_the_evidence_is_cut_at_4_kb_and_keeps_the_end(letter):
    fault = confession.of(caught(f"raise ValueError('{letter}' * 9000 + 'end')"), "/package", "act")
    assert len(fault.evidence.encode()) <= 4096
    assert len(msgspec.msgpack.encode(fault)) <= FAULT_BYTES
    assert fault.evidence.rstrip().endswith("end")
    assert len(fault.message) <= 300


@pytest.mark.parametrize(
    "text",
    [
        "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E",
        "class E(Exception):\n    __cause__ = property(lambda self: 1 / 0)\nraise E",
        "raise ValueError('\\ud800 \\x1b[31m \\0')",
        "raise BaseExceptionGroup('g', [ValueError(1), KeyboardInterrupt()])",
        "raise GeneratorExit",
        "class M(type):\n    def __getattribute__(cls, name): raise SystemExit\n"
        "class E(Exception, metaclass=M):\n    def __getattribute__(self, name): raise SystemExit\nraise E",
        "class Code(int):\n    def __format__(self, spec): raise SystemExit\nraise SystemExit(Code(3))",
        "class E(SystemExit):\n    code = property(lambda self: 1 / 0)\nraise E",
        "class E(ModuleNotFoundError):\n    name = property(lambda self: 1 / 0)\nraise E",
    ],
)
def test_exceptions_that_bite_are_told_all_the_same(text):
    error = caught(text)
    for fault in (confession.of(error, "/package", "act"), confession.of_load(error, "/package")):
        assert fault.outcome in (Outcome.CRASHED, Outcome.LOAD_FAILED)
        fault.message.encode()
        fault.evidence.encode()


def test_lack_of_memory_is_its_own_outcome():
    for text in ("raise MemoryError", "raise RuntimeError('std::bad_alloc')"):
        assert confession.of(caught(text), "/package", "act").outcome == Outcome.OUT_OF_MEMORY


def test_a_missing_module_is_named():
    fault = confession.of_load(caught("import nosuch.part"), "/package")
    assert fault.outcome == Outcome.LOAD_FAILED
    assert fault.message == "Your agent imports nosuch, which is not available here."


def test_an_action_is_shown_shortly_and_safely():
    class Rude:
        def __repr__(self):
            raise SystemExit

    assert confession.shown(99) == "int: 99"
    assert len(confession.shown("x" * 9000)) == 200
    assert confession.shown(bytes(300 << 20)).startswith(r"bytes: b'\x00")
    assert confession.shown(Rude()) == "a value that cannot be shown"
    assert confession.shown("\ud800").isprintable()
