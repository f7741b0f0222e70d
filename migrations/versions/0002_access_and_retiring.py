"""Access to scorecards, and retiring them and their parts

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RETIRABLE = ("scorecards", "work_streams", "metrics", "milestones", "phases")
NAMED = ("owners", "editors", "viewers")
ALLOWED = ("strangers_edit", "workflows_edit")


def upgrade() -> None:
    for table in RETIRABLE:
        op.add_column(table, sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    for name in NAMED:
        op.add_column(
            "scorecards", sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
    for name in ALLOWED:
        op.add_column(
            "scorecards", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    for name in (*NAMED, *ALLOWED):
        op.drop_column("scorecards", name)
    for table in RETIRABLE:
        op.drop_column(table, "retired_at")
