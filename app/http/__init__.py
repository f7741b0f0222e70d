"""What the bot serves over HTTP: health, metrics, Slack's requests, pages, hooks and the API."""

API_ROOT = "/api/v1"
"""Where the API is below the bot's address: the bot knows it without loading the API."""
