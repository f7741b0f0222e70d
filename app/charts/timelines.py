"""The roadmap as a timeline: phases in their windows, and what each waits for."""

from app.charts.charts import Chart, alternative_text
from app.charts.headings import draw_shape, paragraph
from app.charts.labels import Box, Label
from app.charts.lettering import one_line, shortened
from app.charts.looks import LARGE, LIGHT, MARGIN, SMALL, WIDTH, Look
from app.charts.scales import Frame, day_starts, round_days
from app.charts.sheets import Sheet, always, field
from app.charts.signs import PHASE_SHAPES
from app.domain.roadmap import in_order
from app.domain.scorecards import Snapshot

_ROW = 84
_ROOM = WIDTH - 2 * MARGIN


def roadmap_chart(snapshot: Snapshot, look: Look = LIGHT) -> Chart:
    """The phases of a scorecard's roadmap over time."""
    sheet = Sheet(look)
    scorecard = snapshot.scorecard
    labels, top = paragraph(
        f"Roadmap of {scorecard.name}", MARGIN, MARGIN / 2, _ROOM, size=LARGE, lines=2, bold=True
    )
    sheet.write(*labels)
    phases = in_order(scorecard.phases)
    zone = scorecard.zone
    days = [day for phase in phases for day in (phase.window.first, phase.window.last)]
    days.append(snapshot.today)
    area = Box(MARGIN, top + SMALL * 2, WIDTH - MARGIN, top + SMALL * 2 + _ROW * len(phases))
    frame = Frame(area, day_starts(min(days), zone), day_starts(max(days), zone), 0, 1)
    sheet.write(*(label for _, label in round_days(frame, zone, top + SMALL)))
    outlooks = {outlook.phase.key: outlook for outlook in snapshot.phases}
    for place, phase in enumerate(phases):
        y = area.top + _ROW * place
        status = outlooks[phase.key].status
        draw_shape(sheet, f"status-{place}", PHASE_SHAPES[status], (MARGIN + 8, y + 20), look.ink)
        words = f"{phase.name} · {status.words}"
        sheet.write(Label(shortened(one_line(words), SMALL, _ROOM - 30), MARGIN + 30, y + 27))
        sheet.draw(
            f"phase-{place}",
            "rect",
            [
                {
                    "x": frame.x(day_starts(phase.window.first, zone)),
                    "x2": frame.x(day_starts(phase.window.last, zone)),
                }
            ],
            x=field("x"),
            x2=field("x2"),
            y=always(y + 36),
            y2=always(y + 66),
            fill=always(look.forecast),
            stroke=always(look.reading),
        )
    words = alternative_text(
        f"Roadmap of {one_line(scorecard.name)}.",
        *(
            f"{one_line(each.phase.name)}, {each.phase.window}: {each.status.words}."
            for each in snapshot.phases
        ),
    )
    return Chart(
        f"Roadmap of {one_line(scorecard.name)}",
        words,
        sheet.specification(area.bottom + MARGIN, words),
    )
