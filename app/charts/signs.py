"""What stands for a status: a shape and a word, and a colour that says no more than these."""

from app.charts.looks import Look
from app.domain.roadmap import PhaseStatus
from app.domain.statuses import Status

TICK = "M-0.9,0.05L-0.35,0.65L0.9,-0.6L0.65,-0.85L-0.35,0.15L-0.62,-0.2Z"
UPWARDS = "M0,-0.8L0.9,0.7L-0.9,0.7Z"
DOWNWARDS = "M0,0.8L0.9,-0.7L-0.9,-0.7Z"
DIAMOND = "M0,-1L0.85,0L0,1L-0.85,0Z"
DASH = "M-0.8,-0.18L0.8,-0.18L0.8,0.18L-0.8,0.18Z"
CLOCK = (
    "M0,-0.95A0.95,0.95,0,1,1,0,0.95A0.95,0.95,0,1,1,0,-0.95Z"
    "M0,-0.7A0.7,0.7,0,1,0,0,0.7A0.7,0.7,0,1,0,0,-0.7Z"
    "M-0.12,-0.5L0.12,-0.5L0.12,-0.05L0.5,-0.05L0.5,0.19L-0.12,0.19Z"
)
PLAY = "M-0.6,-0.85L0.85,0L-0.6,0.85Z"
RING = (
    "M0,-0.85A0.85,0.85,0,1,1,0,0.85A0.85,0.85,0,1,1,0,-0.85Z"
    "M0,-0.58A0.58,0.58,0,1,0,0,0.58A0.58,0.58,0,1,0,0,-0.58Z"
)
CROSS = (
    "M-0.8,-0.55L-0.55,-0.8L0,-0.25L0.55,-0.8L0.8,-0.55L0.25,0"
    "L0.8,0.55L0.55,0.8L0,0.25L-0.55,0.8L-0.8,0.55L-0.25,0Z"
)

STATUS_SHAPES = {
    Status.AT_TARGET: TICK,
    Status.ON_TRACK: UPWARDS,
    Status.AT_RISK: DIAMOND,
    Status.OFF_TRACK: DOWNWARDS,
    Status.NO_PACE: DASH,
    Status.STALE: CLOCK,
}
PHASE_SHAPES = {
    PhaseStatus.DONE: TICK,
    PhaseStatus.IN_PROGRESS: PLAY,
    PhaseStatus.READY: RING,
    PhaseStatus.BLOCKED: CROSS,
}


def status_colour(status: Status, look: Look) -> str:
    return {
        Status.AT_TARGET: look.good,
        Status.ON_TRACK: look.reading,
        Status.AT_RISK: look.warning,
        Status.OFF_TRACK: look.bad,
    }.get(status, look.quiet)
