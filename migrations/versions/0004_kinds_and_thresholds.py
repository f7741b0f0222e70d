"""What is asked of a metric besides reaching a target, and when it is on track

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DECIMAL = sa.String().with_variant(sa.Numeric(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("metrics") as metrics:
        metrics.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="reach"))
        metrics.alter_column("target", existing_type=DECIMAL, nullable=True)
    for name, percent in (("on_track_from", "90"), ("at_risk_from", "70")):
        op.add_column(
            "scorecards", sa.Column(name, sa.Integer(), nullable=False, server_default=percent)
        )


def downgrade() -> None:
    others = sa.text("SELECT count(*) FROM metrics WHERE kind <> 'reach'")
    if op.get_bind().scalar(others):
        raise RuntimeError("Metrics without a target to reach can't be kept by the older version.")
    for name in ("on_track_from", "at_risk_from"):
        op.drop_column("scorecards", name)
    with op.batch_alter_table("metrics") as metrics:
        metrics.alter_column("target", existing_type=DECIMAL, nullable=False)
        metrics.drop_column("kind")
