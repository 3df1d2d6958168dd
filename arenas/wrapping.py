"""Wrappers that belong to an arena, declared as data and applied to its environment."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from arenas.errors import ArenaUnavailableError
from arenas.headless import import_headless
from arenas.spec import Wrapper


def wrap(environment: Any, wrappers: Sequence[Wrapper]) -> Any:  # Any: third-party, untyped.
    """Apply wrappers in their order, the first one innermost, and return the outermost.

    Raises:
        ArenaUnavailableError: a wrapper is not installed, unknown, or refuses its arguments or what it gets.
    """
    for wrapper in wrappers:
        constructor = find_wrapper(wrapper)
        try:
            environment = constructor(environment, **wrapper.arguments)
        except Exception as error:
            # SuperSuit tells with assertions that a wrapper does not fit the spaces.
            raise ArenaUnavailableError(
                f"The wrapper {wrapper.name} cannot be applied: {str(error) or type(error).__name__}."
                f" It takes {_parameters(constructor)}."
            ) from error
    return environment


def find_wrapper(wrapper: Wrapper) -> Callable[..., Any]:  # Any: as above.
    """Return the class or function a wrapper names.

    Raises:
        ArenaUnavailableError: its name is not `module:attribute`, or there is no such thing here.
    """
    module, colon, attribute = wrapper.name.partition(":")
    if not colon:
        raise ArenaUnavailableError(
            f"The wrapper {wrapper.name!r} is not written as module:name, like supersuit:resize_v1."
        )
    try:
        home = import_headless(module)
    except ImportError as error:
        raise ArenaUnavailableError(f"The wrapper {wrapper.name} needs {module}: {error}.") from error
    try:
        found = getattr(home, attribute)
    except (AttributeError, ImportError) as error:  # SuperSuit's modules raise the latter.
        raise ArenaUnavailableError(f"{module} has no wrapper {attribute}.") from error
    if not callable(found):
        raise ArenaUnavailableError(f"{wrapper.name} is nothing that can be applied.")
    return found  # type: ignore[no-any-return]  # Checked to be callable.


def write_wrapper(wrapper: Wrapper) -> str:
    """Return the Python expression that applies a wrapper to `environment`, for pages and examples."""
    arguments = "".join(f", {name}={value!r}" for name, value in wrapper.arguments.items())
    return f"{wrapper.name.rpartition(':')[2]}(environment{arguments})"


def _parameters(constructor: Callable[..., object]) -> str:
    try:
        names = [name for name in inspect.signature(constructor).parameters if name != "self"]
    except (TypeError, ValueError):
        return "what its documentation says"
    return ", ".join(names[1:]) or "no arguments"
