"""Our own faults: retried, never scored."""


class MatchError(Exception):
    """The platform could not play the match; it is tried again and no agent is charged."""


class IsolationError(MatchError):
    """This host cannot hold agents as required; the worker refuses to play and says why."""


class ZygoteError(MatchError):
    """The process that forks agents is gone or does not answer; the worker starts another."""


class BlobError(MatchError):
    """A stored file is missing or its bytes do not match its digest; the match is tried again."""


class WireVersionError(MatchError):
    """A message speaks another version of the wire contract; worker and site must be updated together."""
