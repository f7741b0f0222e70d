"""Changes are found by who made them and by what they are about

Revision: 0013
Follows: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = ("actor", "subject")


def upgrade() -> None:
    for column in COLUMNS:
        op.create_index(_name(column), "changes", ["scorecard_id", column, "at"])


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_index(_name(column), "changes")


def _name(column: str) -> str:
    return f"ix_changes_scorecard_id_{column}_at"
