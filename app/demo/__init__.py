"""The demo: the real scorecard, and what it takes to try the bot without Slack."""
