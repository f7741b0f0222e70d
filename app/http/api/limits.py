"""How many requests are answered: by token, and by address for who has none."""

import math
from dataclasses import dataclass, field
from time import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from app.http.api.problems import Kind, Refusal


@dataclass(frozen=True)
class Limits:
    """Requests a minute, counted in the memory of this process: several allow as much each."""

    of_token: int = 600
    of_address: int = 60
    """Without a token, which only leads to the pages about the API."""
    of_failures: int = 10
    """Tokens from one address that aren't known."""
    _limiter: SlidingWindowCounterRateLimiter = field(
        default_factory=lambda: SlidingWindowCounterRateLimiter(MemoryStorage()), compare=False
    )

    async def count_token(self, token_id: int) -> None:
        await self._count(self.of_token, "token", str(token_id))

    async def count_address(self, address: str) -> None:
        await self._count(self.of_address, "address", address)

    async def count_failure(self, address: str) -> None:
        await self._count(self.of_failures, "failure", address)

    async def _count(self, most: int, *who: str) -> None:
        """Raises `Refusal` for one more than there may be."""
        limit: RateLimitItem = RateLimitItemPerMinute(most)
        if await self._limiter.hit(limit, *who):
            return
        again, _ = await self._limiter.get_window_stats(limit, *who)
        seconds = max(1, math.ceil(again - time()))
        raise Refusal(
            Kind.TOO_MANY,
            f"At most {most} requests a minute are answered. Go on in {seconds} s.",
            headers={"Retry-After": str(seconds)},
        )
