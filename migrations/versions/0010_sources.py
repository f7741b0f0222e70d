"""Sources: what metrics are fed by, and how that goes

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DECIMAL = sa.String().with_variant(sa.Numeric(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("times", DECIMAL, nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("number", DECIMAL, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_sources_metric_id_metrics")
        ),
        sa.PrimaryKeyConstraint("metric_id", name=op.f("pk_sources")),
    )
    op.create_index(op.f("ix_sources_due_at"), "sources", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_sources_due_at"), table_name="sources")
    op.drop_table("sources")
