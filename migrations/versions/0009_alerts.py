"""Alerts: where a scorecard's go, those that stand, and whose metrics' are muted

Revision: 0009
Follows: 0008
"""

from datetime import time

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
PLACES = {"reached": "channel", "fell_back": "channel", "unusual": "nowhere", "stale": "nowhere"}
NIGHT = {"quiet_from": time(20), "quiet_until": time(8)}
"""Scorecards that are there begin with what new ones do."""


def upgrade() -> None:
    for kind, place in PLACES.items():
        column = sa.Column(f"alert_{kind}", sa.String(), nullable=False, server_default=place)
        op.add_column("scorecards", column)
    op.add_column("scorecards", sa.Column("alert_person", sa.String(), nullable=True))
    for name in NIGHT:
        op.add_column("scorecards", sa.Column(name, sa.Time(), nullable=True))
    weekends = sa.Column("quiet_weekends", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("scorecards", weekends)
    op.add_column("scorecards", sa.Column("stale_alerts_since", INSTANT, nullable=True))
    columns = (sa.column(name, sa.Time()) for name in NIGHT)
    op.execute(sa.table("scorecards", *columns).update().values(NIGHT))
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=True),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("cleared_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_alerts_metric_id_metrics")
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.id"], name=op.f("fk_alerts_reading_id_readings")
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["readings.id"], name=op.f("fk_alerts_before_id_readings")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_alerts_delivery_id_deliveries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_metric_id"), "alerts", ["metric_id"], unique=False)
    op.create_index(op.f("ix_alerts_delivery_id"), "alerts", ["delivery_id"], unique=False)
    op.create_table(
        "mutes",
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_mutes_metric_id_metrics")
        ),
        sa.PrimaryKeyConstraint("metric_id", name=op.f("pk_mutes")),
    )


def downgrade() -> None:
    op.drop_table("mutes")
    op.drop_table("alerts")
    for name in (*(f"alert_{kind}" for kind in PLACES), "alert_person", *NIGHT):
        op.drop_column("scorecards", name)
    for name in ("quiet_weekends", "stale_alerts_since"):
        op.drop_column("scorecards", name)
