"""Heavy runs that try to break the bot: `python -m tests.chaos SECTION`."""
