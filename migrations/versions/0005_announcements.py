"""PostgreSQL announces each change of a scorecard's version

Revision: 0005
Follows: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite counts commits by itself
    op.execute("""
        CREATE FUNCTION announce_scorecards() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NOTIFY kpi_scorecards;
            RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER announced AFTER INSERT OR UPDATE OR DELETE ON scorecards
        FOR EACH STATEMENT EXECUTE FUNCTION announce_scorecards()
    """)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER announced ON scorecards")
        op.execute("DROP FUNCTION announce_scorecards()")
