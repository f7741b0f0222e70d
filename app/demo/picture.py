"""The picture in the README: parts of the demo's run, drawn as a terminal would show them."""

import asyncio
import io
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from app.demo.play import Play
from app.demo.scenes import a_milestone, the_digest
from app.demo.stage import set_up

WIDTH = 92
THEME = TerminalTheme(
    (250, 250, 247),
    (43, 43, 43),
    [(43, 43, 43), (176, 42, 55), (31, 110, 67), (138, 98, 0), (31, 79, 138), (120, 50, 120),
     (14, 107, 122), (110, 110, 110)],
    [(90, 90, 90), (176, 42, 55), (31, 110, 67), (138, 98, 0), (31, 79, 138), (120, 50, 120),
     (14, 107, 122), (43, 43, 43)],
)  # fmt: skip
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>A run of the demo</title>
<style>{styles} text {{ font-family: ui-monospace, Menlo, Consolas, monospace;
font-size: {char_height}px; line-height: {line_height}px }}</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
<rect width="100%" height="100%" rx="8" fill="#fafaf7" stroke="#d0d0c8"/>
<g transform="translate({terminal_x}, {terminal_y})"
clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""


async def draw() -> str:
    """Perform the demo; gives the SVG of its scorecard, announcement and digest."""
    shown = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True)
    hidden = Console(width=WIDTH, file=io.StringIO())
    async with set_up() as stage:
        await Play(stage, shown).types("/kpi")
        await a_milestone(Play(stage, hidden))
        await Play(stage, shown).sees("shipped")
        await the_digest(Play(stage, hidden))
        await Play(stage, shown).sees("Movement is over")
    return shown.export_svg(theme=THEME, code_format=FRAME, unique_id="kpi")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(asyncio.run(draw()))
