"""The limits as the kernel holds them, and the defaults they come from."""

import pytest

from arenas.spec import MIB, Limits
from tests.workers.sandbox.cast import LIMITS, say, seated
from workers.sandbox.policy import MAX_TURNS, OPEN_FILES, SCRATCH_INODES, Policy
from workers.spec import Isolation

ASK = """
    import resource
    names = value
    result = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names}
"""
FIXED = {
    "NOFILE": 64,
    "CORE": 0,
    "MEMLOCK": 0,
    "MSGQUEUE": 0,
    "SIGPENDING": 64,
    "NICE": 0,
    "RTPRIO": 0,
    "FSIZE": LIMITS.unpacked_bytes,
}


def test_the_kernel_holds_every_limit_and_none_can_be_raised(launcher):
    got = say(launcher, ASK, list(FIXED))
    assert got == {name: [value, value] for name, value in FIXED.items()}
    raising = """
    import resource
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    def set_it(name, by):
        soft, hard = resource.getrlimit(getattr(resource, name))
        try:
            resource.setrlimit(getattr(resource, name), (soft + by, hard + by))
        except ValueError as error:
            raise PermissionError(errno.EPERM, str(error))
    result = sorted({attempt(lambda: set_it(name, by)) for name in names for by in (0, 1)})
    """
    assert say(launcher, raising) == ["EPERM"]


def test_memory_limits_count_from_what_the_zygote_had(launcher):
    few = say(launcher, ASK, ["DATA", "AS"], limits=LIMITS)
    many = say(launcher, ASK, ["DATA", "AS"], limits=Limits(memory_bytes=LIMITS.memory_bytes + 64 * MIB))
    assert many["DATA"][0] - few["DATA"][0] == 64 * MIB
    assert few["DATA"][0] > LIMITS.memory_bytes
    assert few["AS"][0] > few["DATA"][0]


def test_processor_seconds_end_hard_one_second_after_soft(launcher):
    soft, hard = say(launcher, ASK, ["CPU"])["CPU"]
    assert (soft, hard) == (Policy.of(LIMITS).cpu_seconds, soft + 1)


def test_threads_are_counted(launcher):
    most = say(launcher, ASK, ["NPROC"])["NPROC"][0]
    assert most == LIMITS.threads if launcher.isolation >= Isolation.NAMESPACES else most >= LIMITS.threads


def test_the_file_systems_of_level_2_are_small_and_the_rest_is_read_only(launcher):
    body = """
    def of(path):
        told = os.statvfs(path)
        return [told.f_blocks * told.f_frsize, told.f_files, told.f_flag & 0xF]
    result = [of("/"), of("/tmp"), of(os.getcwd())]
    """
    if launcher.isolation < Isolation.NAMESPACES:
        pytest.skip("level 1 has no file system of its own")
    root, scratch, package = say(launcher, body)
    assert (root[0] <= MIB, root[1] <= 256, root[2] & 1) == (True, True, 1)
    assert scratch == [LIMITS.scratch_bytes, SCRATCH_INODES, 2 | 4 | 8]
    assert package[0] == LIMITS.unpacked_bytes


def test_the_defaults_are_those_of_the_documents():
    limits = Limits()
    assert limits.memory_bytes == 512 * MIB
    assert (limits.load_seconds, limits.reset_seconds) == (20.0, 2.0)
    assert (limits.step_seconds, limits.bank_seconds) == (1.0, 10.0)
    assert (limits.threads, OPEN_FILES) == (16, 64)
    assert (limits.scratch_bytes, SCRATCH_INODES) == (32 * MIB, 2048)
    assert limits.log_bytes == 64 * 1024


def test_processor_seconds_follow_from_the_time_limits():
    limits = Limits(load_seconds=20, step_seconds=0.1, bank_seconds=10)
    assert Policy.of(limits).cpu_seconds == int(20 + 1.5 * (0.1 * MAX_TURNS + 10)) + 30


def test_one_numerical_thread_is_the_default(launcher):
    body = "result = [os.environ[name + '_NUM_THREADS'] for name in ('OMP', 'OPENBLAS', 'MKL')]"
    assert say(launcher, body) == ["1", "1", "1"]


def test_numerical_libraries_threads_and_event_loops_work_under_all_limits(launcher):
    text = """
        import asyncio, threading, numpy, onnxruntime, gymnasium
        def agent(observation):
            numpy.linalg.svd(numpy.random.rand(60, 60))
            numpy.ones((300, 300)) @ numpy.ones((300, 300))
            seen = []
            workers = [threading.Thread(target=seen.append, args=(n,)) for n in range(8)]
            [worker.start() for worker in workers], [worker.join() for worker in workers]
            asyncio.run(asyncio.sleep(0.001))
            return len(seen) - 3
    """
    with seated(launcher, text, limits=Limits(load_seconds=60, step_seconds=60)) as seat:
        assert bytes(seat.act(bytes(16)))[0] == 5
        assert seat.close().log == ""
