# ruff: noqa: T201
"""Run one section of the chaos, or all as usual: `python -m tests.chaos [SECTION ...]`."""

import sys
from collections.abc import Callable, Mapping, Sequence

from tests.chaos import fuzz, kills, machines

SECTIONS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "fuzz": fuzz.main,
    "kills": kills.main,
    "machines": machines.main,
}
"""Each takes its own arguments and gives the process's exit status."""


def main(arguments: Sequence[str]) -> int:
    if not arguments:
        return max(run([]) for run in SECTIONS.values())
    name, *own = arguments
    if name not in SECTIONS:
        print(f"There is no section {name}; there are {', '.join(SECTIONS)}.", file=sys.stderr)
        return 2
    return SECTIONS[name](own)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
