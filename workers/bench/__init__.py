"""The benchmark: the sandboxed match engine against bare loops of the same environments, in the same run.

How it works. A workload opens a few variants of the same work: the first is ours with the sandbox fully on,
the second does it bare, in one process and as a user of the library would write it; others follow. All of
them are measured in turn, round after round, so that what disturbs the machine disturbs all; what counts is
the ratio within a round, as median and range over the rounds. Both sides play the same games with the same
agents and seeds, each as far as it gets, on one core. `goals` holds what is aimed at.
"""

from workers.bench.measuring import Measurement, Round

__all__ = ["Measurement", "Round"]
