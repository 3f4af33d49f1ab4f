"""Make experiments: `python -m bench.faults platform-faults disk …`, or `all`; see `--help`."""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Mapping

from bench.faults import commands, platform, replicas, syscalls
from bench.faults.records import Experiment
from bench.faults.stand import Stand

EXPERIMENTS: Mapping[str, Callable[[Stand, int], Experiment]] = {
    "platform-faults": platform.platform_faults,
    "clock-jumps": platform.clock_jumps,
    "disk": syscalls.disk,
    "syscall-kills": syscalls.kills,
    "command-kills": commands.commands,
    "pauses": replicas.pauses,
    "random-kills": replicas.kills,
    "postgresql-faults": replicas.databases,
}


def main() -> int:
    """Make what is asked for; 1 if anything was lost, doubled, invented, early, or missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=[*EXPERIMENTS, "all"])
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--report", action="store_true", help="write docs/evidence/")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    names = list(EXPERIMENTS) if "all" in options.names else options.names
    failed = 0
    for name in names:
        began = time.monotonic()
        with Stand() as stand:
            sins = stand.sins()
            found = EXPERIMENTS[name](stand, options.seed)
            found.sins = sins
        found.seconds = time.monotonic() - began
        failed += found.failed
        if options.report:
            sys.stdout.write(f"written to {found.save()}\n")
        runs = sum(one.runs for one in found.tallies)
        broken = sum(len(one.broken) for one in found.tallies)
        sys.stdout.write(f"{name}: {runs} runs, {broken} faults, {found.seconds:.0f} s\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
