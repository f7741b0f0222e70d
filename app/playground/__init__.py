"""A local Slack: what the bot talks to when no workspace is at hand."""
