"""What Slack tells twice is begun once, by whichever process

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "begun",
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("thing", name=op.f("pk_begun")),
    )
    op.create_index(op.f("ix_begun_begun_at"), "begun", ["begun_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_begun_begun_at"), table_name="begun")
    op.drop_table("begun")
