"""What the bot shows, as Block Kit: pure functions from snapshots to blocks."""
