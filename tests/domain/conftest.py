"""Enough examples to find what breaks, few enough for seconds; no deadline on a busy machine."""

from hypothesis import settings

settings.register_profile("domain", max_examples=60, deadline=None)
settings.load_profile("domain")
