"""Block Kit in a terminal: messages and views as a person would read them in Slack.

Pure: payloads in, something rich can print out. Text from people is never read as markup, and no
control character of it reaches the terminal.
"""

from app.playground.terminal.layout import plain_text
from app.playground.terminal.messages import render_message
from app.playground.terminal.views import render_view

__all__ = ["plain_text", "render_message", "render_view"]
