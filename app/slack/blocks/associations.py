"""What a metric did around a milestone, in words: associated with it, never caused by it."""

from app.domain.associations import Association
from app.domain.metrics import WEEK, Metric, Movement
from app.slack.blocks.kit import bold, escaped

MOST_SHARING = 2


def moved_around(metric: Metric, tied: Association) -> str:
    """`~12 → ~9; −4 in 4 weeks before, −12 in 3 weeks after; shared with *Stabilisation*`.

    Empty where nothing is known of the weeks around it.
    """
    parts = []
    if tied.effect is not None:
        before, after = metric.shown(tied.effect.before), metric.shown(tied.effect.after.value)
        parts.append(escaped(f"{before} → {after}"))
    around = [(tied.before, "before"), (tied.after, "after")]
    moves = [_in_weeks(metric, moved, when) for moved, when in around if moved is not None]
    parts += [", ".join(moves)] if moves else []
    if tied.shared_with:
        others = ", ".join(bold(other.title) for other in tied.shared_with[:MOST_SHARING])
        more = len(tied.shared_with) - MOST_SHARING
        parts.append(f"shared with {others}{f' and {more} more' if more > 0 else ''}")
    return "; ".join(parts)


def _in_weeks(metric: Metric, moved: Movement, when: str) -> str:
    """`−4 in 4 weeks before`."""
    if not moved.span:
        return f"no reading {when}"
    weeks = max(1, round(moved.span / WEEK))
    span = "1 week" if weeks == 1 else f"{weeks} weeks"
    change = escaped(metric.shown_change(moved.change)) if moved.change.number else "unchanged"
    return f"{change} in {span} {when}"
