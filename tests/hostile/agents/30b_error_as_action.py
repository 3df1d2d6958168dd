"""Returns an exception and a fault of the platform's own kind as its action.

row: 30
expected: protocol_violation
arena: connect_four-v3
why: an outcome is the referee's finding, never the agent's word
"""

from workers.protocol import Fault


def agent(observation):
    return Fault("infrastructure_error", "The arena failed.", "our fault, run again")
