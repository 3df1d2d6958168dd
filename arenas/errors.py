"""What can be wrong with an arena, an observation or an action."""


class ArenaError(Exception):
    """An arena cannot be used as asked; the caller shows the message to a person."""


class UnknownArenaError(ArenaError):
    """No arena has this id; the caller shows `suggestions` as "did you mean"."""

    def __init__(self, arena: str, suggestions: tuple[str, ...] = ()) -> None:
        self.arena = arena
        self.suggestions = suggestions
        hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"There is no arena {arena!r}.{hint}")


class ArenaUnavailableError(ArenaError):
    """The arena is known but cannot be made here; the message names what to install or mend."""


class ArenaFaultError(ArenaError):
    """The environment itself broke in mid-episode; the referee voids the match, no agent pays."""


class UnsupportedSpaceError(ArenaError):
    """A space of the environment has no wire form; the arena cannot be played."""


class IllegalActionError(ArenaError):
    """A readable action that the arena does not allow here; the referee charges the seat."""


class MalformedActionError(ArenaError):
    """Bytes or values that are no action of this arena at all; the referee charges the seat."""


class ReplayError(ArenaError):
    """An action log is damaged, too large or does not belong to this arena; nothing was replayed."""
