"""What a metric did around a milestone, in words: associated with it, never caused by it."""

from app.domain import wording
from app.domain.associations import Association
from app.domain.metrics import Metric
from app.slack.blocks.kit import bold, escaped

MOST_SHARING = 2


def moved_around(metric: Metric, tied: Association) -> str:
    """`~12 → ~9; −4 in 4 weeks before, −12 in 3 weeks after; shared with *Stabilisation*`.

    Empty where nothing is known of the weeks around it.
    """
    told = escaped(wording.moves_around(metric, tied))
    return "; ".join(filter(None, [told, _shared(tied)]))


def _shared(tied: Association) -> str:
    if not tied.shared_with:
        return ""
    others = ", ".join(bold(other.title) for other in tied.shared_with[:MOST_SHARING])
    more = len(tied.shared_with) - MOST_SHARING
    return f"shared with {others}{f' and {more} more' if more > 0 else ''}"
