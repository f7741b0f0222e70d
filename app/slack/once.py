"""What comes twice and may be answered once."""

from collections import OrderedDict
from collections.abc import Hashable

MOST_REMEMBERED = 1_000


class Once:
    """Remembers the last thousand things that one process has begun.

    It spares an answer that would only be in the way. That something is written or posted once,
    the database sees to, for all processes: `services.once` and `single`.
    """

    def __init__(self) -> None:
        self._begun: OrderedDict[Hashable, None] = OrderedDict()

    def begins(self, thing: Hashable) -> bool:
        """Whether this is the first time; it is not from then on."""
        if thing in self._begun:
            return False
        self._begun[thing] = None
        if len(self._begun) > MOST_REMEMBERED:
            self._begun.popitem(last=False)
        return True

    def may_begin_again(self, thing: Hashable) -> None:
        """What failed is not done: the next time counts as the first."""
        self._begun.pop(thing, None)
