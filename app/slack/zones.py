"""Time zones, found by what people type of them."""

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import available_timezones


@lru_cache(maxsize=1)
def known_zones() -> Sequence[str]:
    """The places of the IANA database, and UTC. The first time it reads the disk, for long enough
    not to be done on the event loop."""
    places = (name for name in available_timezones() if "/" in name)
    return ("UTC", *sorted(name for name in places if not name.startswith("Etc/")))


def matching_zones(typed: str, zones: Sequence[str]) -> list[str]:
    """The zones that hold what was typed; those in which a name begins with it first."""
    wanted = _spoken(typed)
    matching = [zone for zone in zones if wanted in _spoken(zone)]
    return sorted(matching, key=lambda zone: f" {wanted}" not in f" {_spoken(zone)}")


def _spoken(name: str) -> str:
    return " ".join(name.casefold().replace("/", " ").replace("_", " ").split())
