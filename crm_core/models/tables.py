"""The same tables for SQLAlchemy Core: what hot paths build their statements from."""

from sqlalchemy import Table
from sqlmodel import SQLModel

import crm_core.models as _models

assert _models.__all__, "importing the models fills the metadata"
_tables = SQLModel.metadata.tables

ACTIVITIES: Table = _tables["activities"]
ACTIVITY_PARTICIPANTS: Table = _tables["activity_participants"]
APP_SETTINGS: Table = _tables["app_settings"]
ATTACHED_FILES: Table = _tables["attached_files"]
CHANGES: Table = _tables["changes"]
COMMENTS: Table = _tables["comments"]
DISTINCT_PAIRS: Table = _tables["distinct_pairs"]
EVENTS: Table = _tables["events"]
FEATURE_REQUESTS: Table = _tables["feature_requests"]
FEATURE_VOTES: Table = _tables["feature_votes"]
FIELDS: Table = _tables["fields"]
GRID_TABLES: Table = _tables["grid_tables"]
GRID_INDEXES: Table = _tables["grid_indexes"]
IDEMPOTENCY_KEYS: Table = _tables["idempotency_keys"]
JOB_RUNS: Table = _tables["job_runs"]
NOTIFICATIONS: Table = _tables["notifications"]
RECORD_LINKS: Table = _tables["record_links"]
RECORD_MERGES: Table = _tables["record_merges"]
STATE: Table = _tables["fundraising_state"]
USERS: Table = _tables["users"]
VIEWS: Table = _tables["fundraising_views"]
VIEW_STARS: Table = _tables["view_stars"]
