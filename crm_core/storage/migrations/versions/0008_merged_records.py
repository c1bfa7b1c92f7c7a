"""Merged records, and pairs that are no duplicates."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undone_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["table_id"], ["grid_tables.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_record_merges_record", "record_merges", ["table_id", "record_id"], unique=False)
    op.create_index("ix_record_merges_into", "record_merges", ["table_id", "into_id"], unique=False)
    op.create_index("ix_record_merges_version", "record_merges", ["version"], unique=False)
    op.create_table(
        "distinct_pairs",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["table_id"], ["grid_tables.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"]),
        sa.PrimaryKeyConstraint("table_id", "one_id", "other_id"),
    )
