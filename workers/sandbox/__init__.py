"""Choose how agents are held on this host, and refuse what is weaker than asked for."""

import os

from workers.errors import IsolationError
from workers.sandbox.contained import Backend, ContainerLauncher, SandboxSettings
from workers.sandbox.launcher import AgentProcess, Launcher
from workers.sandbox.syscalls import this_machine
from workers.spec import Isolation

__all__ = ["AgentProcess", "Isolation", "IsolationError", "Launcher", "open_launcher"]

_REMEDIES = (
    "Allow user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu, "
    "user.max_user_namespaces above 0 elsewhere; in a container the shipped seccomp profile), "
    "or run the worker as an ordinary user or as root with all its capabilities, "
    "or accept a weaker level in the settings."
)


def open_launcher(
    *,
    minimum: Isolation,
    cpu: int | None = None,
    preload: tuple[str, ...] = ("numpy", "onnxruntime"),
    pool_size: int = 2,
    level: Isolation | None = None,
    settings: SandboxSettings | None = None,
) -> Launcher:
    """Start the strongest sandbox this host allows, or the one the operator chose.

    A level counts as allowed when a whole jail of it has been built; nothing is taken from version numbers.
    Containers are used when they are asked for, and then nothing else is tried in their place.

    Args:
        minimum: the weakest level that will do.
        cpu: core the agents are bound to; the caller binds itself.
        preload: modules every agent has loaded at once.
        pool_size: jailed processes kept ready.
        level: try only this one. `Isolation.NONE` is never chosen unless it is named here.
        settings: the operator's choice; taken from the environment when not given.

    Raises:
        IsolationError: the host allows nothing of at least `minimum`; the message says why and what helps.
    """
    if this_machine() is None:
        raise IsolationError("Agents can only be held on Linux, on x86_64 or aarch64.")
    settings = SandboxSettings.of(os.environ) if settings is None else settings
    if level is None and settings.backend is not Backend.JAIL:
        level = settings.backend.level
    if level is not None and level >= Isolation.CONTAINER:
        return _open_containers(minimum, level, settings, cpu, preload, pool_size)
    reasons = []
    levels = (Isolation.NAMESPACES, Isolation.LANDLOCK_SECCOMP) if level is None else (level,)
    for tried in levels:
        if tried < minimum:
            break
        try:
            return Launcher(tried, cpu, preload, pool_size)
        except IsolationError as error:
            reasons.append(f"level {int(tried)} ({tried.label}): {error}")
    refused = "; ".join(reasons) or "no level that is strong enough was asked for"
    raise IsolationError(
        f"This host cannot hold agents at level {int(minimum)} ({minimum.label}). {refused}. {_REMEDIES}"
    )


def _open_containers(
    minimum: Isolation,
    level: Isolation,
    settings: SandboxSettings,
    cpu: int | None,
    preload: tuple[str, ...],
    pool_size: int,
) -> Launcher:
    try:
        if level < minimum:
            raise IsolationError(f"level {int(minimum)} ({minimum.label}) is the least that was asked for")
        return ContainerLauncher(level, cpu, preload, pool_size, settings)
    except IsolationError as error:
        raise IsolationError(
            f"This host cannot hold agents at level {int(level)} ({level.label}) with the container runtime "
            f"{settings.runtime_of(level)!r} of the daemon at {settings.docker_host}: {error}"
        ) from error
