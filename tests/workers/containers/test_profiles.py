"""What the shipped filters, the flags of agents' containers and compose.yaml say; no daemon is needed."""

import json
import os
from pathlib import Path

import pytest
import yaml

from tests.workers.sandbox.cast import LIMITS
from workers.errors import IsolationError
from workers.sandbox import seccomp
from workers.sandbox.contained import Backend, SandboxSettings
from workers.sandbox.container import PROFILE, Yard, container_options, is_running, owner_of
from workers.sandbox.containment import WardenRequest
from workers.sandbox.launcher import CODE_ROOT
from workers.sandbox.policy import Policy
from workers.spec import Isolation

ROOT = Path(CODE_ROOT)
WORKER = PROFILE.with_name("worker-seccomp.json")
NAMESPACES = {
    "unshare",
    "setns",
    "mount",
    "umount2",
    "pivot_root",
    "open_tree",
    "move_mount",
    "mount_setattr",
}
NEVER = {
    *("bpf", "perf_event_open", "keyctl", "add_key", "request_key", "userfaultfd", "io_uring_setup"),
    *("io_uring_enter", "ptrace", "process_vm_readv", "process_vm_writev", "kexec_load", "init_module"),
    *(
        "finit_module",
        "delete_module",
        "reboot",
        "swapon",
        "iopl",
        "ioperm",
        "open_by_handle_at",
        "socketcall",
    ),
    *("settimeofday", "clock_settime", "quotactl", "acct", "syslog", "nfsservctl", "vhangup", "chroot"),
    *("pidfd_getfd", "kcmp", "fsopen", "fsmount", "fsconfig", "personality"),
}


def rules(profile, name):
    return [rule for rule in profile["syscalls"] if name in rule["names"]]


def allowed(profile):
    return {
        name for rule in profile["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]
    }


@pytest.fixture(params=[PROFILE, WORKER], ids=["agents", "workers"])
def profile(request):
    return json.loads(request.param.read_text())


def test_a_filter_is_a_list_of_what_is_allowed_on_the_two_machines_and_no_other(profile):
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    machines = {entry["architecture"]: entry["subArchitectures"] for entry in profile["archMap"]}
    assert machines == {"SCMP_ARCH_X86_64": [], "SCMP_ARCH_AARCH64": []}
    assert not allowed(profile) & NEVER
    names = [name for rule in profile["syscalls"] for name in rule["names"]]
    assert len(names) == len(set(names))


def test_the_filters_allow_what_an_agents_own_filter_allows(profile):
    own = seccomp.ALLOWED | set(seccomp.conditional(1))
    assert own <= allowed(profile)


def test_agents_containers_make_no_namespace_and_no_socket_but_a_local_one():
    agents = json.loads(PROFILE.read_text())
    assert not allowed(agents) & (
        NAMESPACES | {"memfd_create", "shmget", "mq_open", "bind", "listen", "chmod"}
    )
    (local,) = rules(agents, "socket")
    assert local["args"] == [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]
    (clone,) = rules(agents, "clone")
    assert clone["args"][0] == {"index": 0, "value": 0x7E020080, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
    (clone3,) = rules(agents, "clone3")
    assert (clone3["action"], clone3["errnoRet"]) == ("SCMP_ACT_ERRNO", 38)


def test_workers_make_namespaces_but_no_socket_to_the_hypervisor():
    workers = json.loads(WORKER.read_text())
    assert NAMESPACES | {"clone", "clone3"} <= allowed(workers)
    (socket,) = rules(workers, "socket")
    assert socket["args"] == [{"index": 0, "value": 40, "op": "SCMP_CMP_NE"}]


@pytest.fixture(params=[Isolation.CONTAINER, Isolation.VIRTUAL_MACHINE])
def options(request, tmp_path):
    policy = Policy.of(LIMITS)
    asked = WardenRequest(request.param, "unix:///d", "runc", (), 1, 1, policy, {"LANG": "C.UTF-8"})
    yard = Yard(None, asked, "coliseum-agent:1", tmp_path, "host 1 1")
    return container_options(yard, policy, tmp_path, (400_001, 400_001))


def test_an_agents_container_has_every_wall_that_docker_has(options):
    assert options["user"] == "400001:400001"
    assert options["network_mode"] == options["ipc_mode"] == "none"
    assert options["cap_drop"] == ["ALL"]
    assert options["read_only"] is True
    assert "no-new-privileges:true" in options["security_opt"]
    assert f"seccomp={PROFILE.read_text()}" in options["security_opt"]
    assert options["mem_limit"] == options["memswap_limit"] >= LIMITS.memory_bytes
    assert 0 < options["pids_limit"] <= 1024
    assert options["nano_cpus"] == 10**9
    assert options["cpuset_cpus"] == "1"
    assert not {"privileged", "cap_add", "devices", "pid_mode", "userns_mode", "ports"} & set(options)
    (mount,) = options["volumes"].values()
    assert mount["mode"] == "ro"
    assert not any("docker.sock" in str(value) for value in options.values())


def test_the_operators_choice_is_read_strictly():
    read = SandboxSettings.of
    assert read({}) == SandboxSettings()
    assert read({"COLISEUM_SANDBOX": "gvisor"}).backend is Backend.GVISOR
    assert read({"COLISEUM_SANDBOX": "gvisor"}).runtime_of(Isolation.VIRTUAL_MACHINE) == "runsc"
    assert read({"COLISEUM_DOCKER_RUNTIME": "kept"}).runtime_of(Isolation.CONTAINER) == "kept"
    with pytest.raises(IsolationError, match="it can be jail, docker, gvisor"):
        read({"COLISEUM_SANDBOX": "Docker"})
    with pytest.raises(IsolationError, match="unix://"):
        read({"COLISEUM_SANDBOX": "docker", "COLISEUM_DOCKER_HOST": "tcp://elsewhere:2375"})


def test_a_process_is_named_for_good():
    own = owner_of(os.getpid())
    assert is_running(own)
    assert not is_running(own + "0")
    assert not is_running("elsewhere")
    with pytest.raises(ProcessLookupError):
        owner_of(2**22 + 1)


SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)


def test_compose_runs_all_of_the_sites_programs():
    assert OURS == ["live", "matches", "prepare", "scheduler", "site", "web"]


@pytest.mark.parametrize("name", OURS)
def test_compose_runs_ours_as_an_ordinary_user_without_capabilities(name):
    service = SERVICES[name]
    assert service["user"] == "10001:10001"
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]
    assert not {"privileged", "cap_add", "devices", "pid", "ipc", "network_mode", "userns_mode"} & set(
        service
    )


def test_compose_mounts_no_docker_socket_and_no_folder_of_the_host():
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            assert "docker.sock" not in volume
            assert not volume.startswith(("/", ".", "~"))


def test_compose_gives_match_workers_the_shipped_filter_and_no_database():
    matches = SERVICES["matches"]
    (named,) = [option for option in matches["security_opt"] if option.startswith("seccomp=")]
    assert ROOT / named.removeprefix("seccomp=") == WORKER
    assert "unconfined" not in named
    assert matches["networks"] == ["queue"]
    assert not any("DATABASE" in name or "SECRET" in name for name in matches["environment"])
    assert all(volume.endswith(":ro") for volume in matches["volumes"])
