import io
import stat
import zipfile

import numpy as np
import pytest

from tests.workers.sandbox.cast import LEVELS, LIMITS, PLAIN, TALK, action_of, source, tell
from workers.sandbox import open_launcher
from workers.seat import Seat, SeatFault
from workers.spec import Outcome


@pytest.fixture(scope="module", params=LEVELS, ids=lambda level: f"level_{int(level)}")
def launcher(request):
    with open_launcher(minimum=request.param, level=request.param) as opened:
        yield opened


def archive(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def loaded(launcher, members, *, start=TALK, limits=LIMITS):
    seat = Seat(launcher, limits)
    try:
        seat.load(archive(members), "agent.zip")
        seat.reset(start)
    except SeatFault:
        seat.close()
        raise
    return seat


def test_modules_and_data_beside_the_agent_are_found(launcher):
    weights = io.BytesIO()
    np.savez(weights, w=np.arange(6))
    text = """
        import json
        import numpy as np
        from net.layers import scale
        from workers import FLAVOUR
        WEIGHTS = np.load("weights.npz")["w"]
        class Agent:
            def act(self, observation):
                return json.dumps([int(scale(WEIGHTS).sum()), FLAVOUR, open("data/notes.txt").read()])
    """
    members = {
        "agent.py": source(text),
        "net/__init__.py": "",
        "net/layers.py": "def scale(w): return w * 2",
        "workers.py": "FLAVOUR = 'its own'",
        "weights.npz": weights.getvalue(),
        "data/notes.txt": "read me",
    }
    seat = loaded(launcher, members)
    assert tell(seat) == [30, "its own", "read me"]
    seat.close()


def test_the_package_cannot_be_changed_by_the_agent(launcher):
    text = """
        import errno, json, os
        def agent(observation):
            got = []
            steps = (lambda: open("agent.py", "a"), lambda: open("new", "w"), lambda: os.unlink("agent.py"),
                     lambda: os.mkdir("folder"), lambda: os.rename("agent.py", "other.py"))
            for step in steps:
                try:
                    step()
                    got.append("OPEN")
                except OSError as error:
                    got.append(errno.errorcode[error.errno])
            return json.dumps(got)
    """
    seat = loaded(launcher, {"agent.py": source(text)})
    assert set(tell(seat)) == {"EACCES"}
    seat.close()


def test_an_onnx_model_runs(launcher):
    helper = pytest.importorskip("onnx").helper
    kind = 1
    graph = helper.make_graph(
        [helper.make_node("ArgMax", ["x"], ["y"], axis=1, keepdims=0)],
        "greatest",
        [helper.make_tensor_value_info("x", kind, [1, 4])],
        [helper.make_tensor_value_info("y", 7, [1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    text = """
        import onnxruntime
        session = onnxruntime.InferenceSession("model.onnx")
        def agent(observation):
            return int(session.run(None, {"x": observation[None]})[0][0])
    """
    members = {"agent.py": source(text), "model.onnx": model.SerializeToString()}
    seat = loaded(launcher, members, start=PLAIN)
    assert action_of(seat) == 3
    assert seat.close().log == ""


def link():
    member = zipfile.ZipInfo("secret")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def device():
    member = zipfile.ZipInfo("device")
    member.external_attr = (stat.S_IFCHR | 0o666) << 16
    return member


HOSTILE = {
    "parent": ({"../outside.py": "x"}, "unsafe path"),
    "deep parent": ({"a/../../outside.py": "x"}, "unsafe path"),
    "absolute": ({"/tmp/outside.py": "x"}, "unsafe path"),
    "backslash": ({"..\\outside.py": "x"}, "unsafe path"),
    "link": ({link(): "/etc/passwd"}, "link or a device"),
    "device": ({device(): ""}, "link or a device"),
    "many files": ({f"f{n}": "" for n in range(5001)}, "5002 files"),
    "file as folder": ({"a": "x", "a/b": "y"}, "cannot be unpacked"),
    "long name": ({"x" * 300: "y"}, "cannot be unpacked"),
    "bomb": ({"zeros": bytes(24 << 20)}, "larger than allowed"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_harms_only_itself(launcher, name):
    members, message = HOSTILE[name]
    limits = LIMITS.__class__(unpacked_bytes=20 << 20)
    with pytest.raises(SeatFault, match=message) as caught:
        loaded(launcher, {"agent.py": "def agent(o): return 1", **members}, limits=limits)
    assert caught.value.outcome is Outcome.LOAD_FAILED


def test_a_duplicate_name_is_refused(launcher):
    twin = archive({"agent.py": "def agent(o): return 1", "agent.pz": "def agent(o): return 2"})
    seat = Seat(launcher, LIMITS)
    with pytest.raises(SeatFault, match="File exists"):
        seat.load(twin.replace(b"agent.pz", b"agent.py"), "agent.zip")
    seat.close()


@pytest.mark.parametrize(
    "package", [b"", b"PK\x03\x04", b"x" * 1000, archive({"agent.py": "x" * 9000})[:-30]]
)
def test_a_damaged_archive_is_refused(launcher, package):
    seat = Seat(launcher, LIMITS)
    with pytest.raises(SeatFault, match="archive is damaged"):
        seat.load(package, "agent.zip")
    seat.close()


def test_names_that_are_not_utf_8_are_only_names(launcher):
    plain = archive({"agent.py": "def agent(o): return 1", "aaaa.txt": "x"})
    seat = Seat(launcher, LIMITS)
    seat.load(plain.replace(b"aaaa.txt", b"\xff\xfe\x80a.txt"), "agent.zip")
    seat.reset(PLAIN)
    assert action_of(seat) == 1
    seat.close()


def test_an_archive_without_agent_py_says_so(launcher):
    with pytest.raises(SeatFault, match=r"There is no agent\.py at the top"):
        loaded(launcher, {"folder/agent.py": "def agent(o): return 1"})


@pytest.mark.parametrize(
    "signature", ["self", "self, start", "self, start=None", "self, *rest", "self, start, other=3"]
)
def test_reset_takes_the_start_or_nothing(launcher, signature):
    text = f"class Agent:\n    def reset({signature}): print('reset', 'start' in locals())\n"
    text += "    def act(self, observation): return 1"
    seat = loaded(launcher, {"agent.py": text}, start=PLAIN)
    assert action_of(seat) == 1
    assert seat.close().log == f"reset {'start' in signature}\n"


def test_a_random_agent_needs_only_the_action_space(launcher):
    text = """
        import numpy as np
        class Agent:
            def reset(self, start):
                self.space, self.rng = start.action_space, np.random.default_rng(start.seed)
            def act(self, observation):
                return self.space.sample(self.rng)
    """
    seat = loaded(launcher, {"agent.py": source(text)}, start=PLAIN)
    assert {action_of(seat) for _ in range(100)} == set(range(7))
    seat.close()


def test_a_thread_pool_and_an_event_loop_work(launcher):
    text = """
        import asyncio, json
        from concurrent.futures import ThreadPoolExecutor
        async def later():
            await asyncio.sleep(0.001)
            return 5
        def agent(observation):
            with ThreadPoolExecutor(4) as pool:
                return json.dumps([sum(pool.map(abs, range(-9, 0))), asyncio.run(later())])
    """
    seat = loaded(launcher, {"agent.py": source(text)})
    assert tell(seat) == [45, 5]
    seat.close()
