"""The long run: `python -m tests.fuzz [--seconds 60] [--target NAME ...] [--seed N]`.

Exit status 1 means a finding, which is printed with the seed that makes it again. The seconds are those of
each target.
"""

import argparse
import os
import random
import resource
import sys
import warnings

from tests.fuzz.campaign import campaign
from tests.fuzz.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--target", action="append", choices=[target.name for target in TARGETS])
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    warnings.simplefilter("error", RuntimeWarning)
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    print(f"{'target':<20} {'cases':>9} {'seconds':>8} {'peak MiB':>9}  seed / findings")
    found = 0
    for target in TARGETS:
        if options.target and target.name not in options.target:
            continue
        done = campaign(target, seconds=options.seconds, seed=seed)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        line = f"{target.name:<20} {done.cases:>9} {done.seconds:>8.1f} {peak:>9}  "
        print(line + (f"{seed} / {'1 finding' if done.problem else 'none'}"), flush=True)
        if done.problem:
            found += 1
            print(f"  again: python -m tests.fuzz --target {target.name!r} --seed {done.seed} --seconds 0")
            print("  " + done.problem.replace("\n", "\n  "), flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # Some physics engines complain at length when the interpreter takes them down.
