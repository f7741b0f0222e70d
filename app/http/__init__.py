"""What the bot serves over HTTP: its health, and Slack's requests."""
