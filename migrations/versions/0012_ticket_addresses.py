"""Where the tickets of a scorecard are found

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("ticket_address", sa.String(), nullable=False, server_default="")
    op.add_column("scorecards", column)


def downgrade() -> None:
    op.drop_column("scorecards", "ticket_address")
