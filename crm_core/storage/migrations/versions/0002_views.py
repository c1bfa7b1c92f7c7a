"""Views get a description, a section and a maker; people get their starred views."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("description", "section"):
        op.add_column("fundraising_views", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("fundraising_views", sa.Column("created_by", sa.Integer(), nullable=True))
    op.create_table(
        "view_stars",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["view_id"], ["fundraising_views.id"]),
        sa.PrimaryKeyConstraint("user_id", "view_id"),
    )
