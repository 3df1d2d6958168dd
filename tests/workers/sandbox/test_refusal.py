"""A host that cannot hold agents as required is refused by name, with what helps; nothing is run."""

import json

import pytest

from tests.workers.sandbox.cast import as_user, run_script, say
from workers.errors import IsolationError
from workers.sandbox import open_launcher
from workers.sandbox.host import describe_host
from workers.spec import Isolation


def test_this_host_offers_both_levels():
    """Elsewhere a missing level is skipped by name; here it fails, so that it cannot be overlooked."""
    host = describe_host()
    assert host.level is Isolation.NAMESPACES, host.levels
    assert host.landlock >= 1
    assert set(host.enforced_by.values()) <= {"rlimit", "seccomp", "tmpfs", "landlock"}


REFUSAL = """
    from workers.sandbox import Isolation, IsolationError, open_launcher
    try:
        open_launcher(minimum=Isolation.NAMESPACES)
    except IsolationError as error:
        print("refused:", error)
    with open_launcher(minimum=Isolation.LANDLOCK_SECCOMP) as launcher:
        print("level", int(launcher.isolation))
"""


def test_without_user_namespaces_level_2_is_refused_with_the_remedies():
    done = run_script(REFUSAL, prefix=as_user("--no-user-namespaces"))
    assert done.stdout.splitlines()[-1] == "level 1", done.stderr
    assert "cannot hold agents at level 2" in done.stdout
    assert "unshare: No space left on device" in done.stdout
    assert "user.max_user_namespaces" in done.stdout


WORKER = """
    import os
    from workers.errors import IsolationError
    from workers.referee_process import RefereeProcess
    from workers.spec import Isolation
    try:
        RefereeProcess(minimum=Isolation.NAMESPACES, cpu=None)
    except IsolationError as error:
        print("refused:", error)
    print("children:", open(f"/proc/self/task/{os.getpid()}/children").read().split())
    with RefereeProcess(minimum=Isolation.LANDLOCK_SECCOMP, cpu=None, selftest=True) as referee:
        hello = referee.hello
        print("level", int(hello.isolation), [probe for probe in hello.probes if not probe.ok])
"""


def test_a_worker_that_needs_level_2_and_has_no_user_namespaces_refuses_and_runs_nothing():
    done = run_script(WORKER, prefix=as_user("--no-user-namespaces"), timeout=60)
    refused, children, level = done.stdout.splitlines()
    assert refused.startswith(
        "refused: This host cannot hold agents at level 2 (namespaces+landlock+seccomp)."
    )
    assert "user.max_user_namespaces above 0" in refused
    assert children == "children: []"
    assert level == "level 1 []"


def test_doctor_names_the_level_and_the_remedy_without_user_namespaces():
    program = "import sys; sys.argv = ['coliseum', 'doctor', '--json']; from workers.cli import main; main()"
    done = run_script(program, prefix=as_user("--no-user-namespaces"), timeout=60)
    answer = json.loads(done.stdout)
    assert (answer["isolation"], answer["ok"], answer["host"]["level"]) == (1, True, 1), done.stderr
    assert answer["host"]["remedies"] == [
        "User namespaces are used up: sysctl user.max_user_namespaces=15000."
    ]
    levels = {report["level"]: report for report in answer["host"]["levels"]}
    assert (levels[1]["offered"], levels[1]["how"]) == (True, "proved")
    assert levels[2]["offered"] is False
    assert "unshare: No space left on device" in levels[2]["how"]


BLIND = """
    from workers.sandbox import Isolation, IsolationError, landlock, launcher, open_launcher
    launcher._BOOT = launcher._BOOT.replace("main(root)", "PATCH; main(root)")
    for level in (2, 1):
        try:
            with open_launcher(minimum=Isolation(level), level=Isolation(level), preload=(), pool_size=1):
                print(level, "offered")
        except IsolationError as error:
            print(level, "refused", error)
"""


def test_a_kernel_without_seccomp_is_refused_at_both_levels():
    patch = "import workers.sandbox.seccomp as s; s.load = s.install = lambda *a: exec('raise OSError(38)')"
    lines = run_script(BLIND.replace("PATCH", patch)).stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["2", "refused"], ["1", "refused"]]
    assert all("[Errno 38]" in line or "38" in line for line in lines)


@pytest.mark.parametrize("machine", ["armv7l", "riscv64", "i686"])
def test_another_machine_is_refused(monkeypatch, machine):
    monkeypatch.setattr("platform.machine", lambda: machine)
    with pytest.raises(IsolationError, match="x86_64 or aarch64"):
        open_launcher(minimum=Isolation.LANDLOCK_SECCOMP)


def test_no_sandbox_at_all_must_be_asked_for_by_name():
    with pytest.raises(IsolationError, match="strong enough"):
        open_launcher(minimum=Isolation.NAMESPACES, level=Isolation.NONE)
    with open_launcher(minimum=Isolation.NONE, level=Isolation.NONE, preload=()) as plain:
        assert plain.isolation is Isolation.NONE
        assert say(plain, "result = attempt(lambda: open('/etc/passwd'))") == "OPEN"
    with open_launcher(minimum=Isolation.NONE, preload=()) as chosen:
        assert chosen.isolation is Isolation.NAMESPACES
