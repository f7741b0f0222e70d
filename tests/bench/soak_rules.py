"""What a soak has to show: memory that is flat, and nothing that is left over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import linear_regression, mean

WARM_UP_SHARE = 1 / 3
"""Of the whole time: until then memory may rise, for caches and pools fill."""

MOST_RISE = 0.05
"""Of the memory, along the line through all samples after the warm-up."""

MOST_LEFT = {"tasks": 2, "threads": 10, "files": 15, "connections": 5}
"""How many more there may be at rest in the end than after the warm-up. A pool may have grown to
its size, each of its connections with a thread and three files; the scheduler may be at work."""


@dataclass(frozen=True)
class Sample:
    """The bot's process so many seconds after the load began; memory in millions of bytes."""

    seconds: float
    acts: int
    resident_mb: float
    unique_mb: float
    tasks: int
    threads: int
    files: int
    connections: int


def complaints(warm: Sample, samples: Sequence[Sample], rested: Sample) -> Iterator[str]:
    """What isn't as it should be.

    `samples` are those taken under load after the warm-up; at `warm` and at `rested` the bot was
    left alone, after the warm-up and at the end.
    """
    rise = risen_mb(samples)
    share = rise / mean(sample.unique_mb for sample in samples)
    if share > MOST_RISE:
        yield f"memory rose by {rise:.1f} MB, which is {share:.0%}; {MOST_RISE:.0%} are allowed"
    for what, most in MOST_LEFT.items():
        before, after = getattr(warm, what), getattr(rested, what)
        if after > before + most:
            yield f"{after} {what} at rest in the end, after {before} once it was warm"


def risen_mb(samples: Sequence[Sample]) -> float:
    """By how much the line through the samples rises, of the memory that is the bot's alone."""
    times = [sample.seconds for sample in samples]
    slope, _ = linear_regression(times, [sample.unique_mb for sample in samples])
    return slope * (times[-1] - times[0])
