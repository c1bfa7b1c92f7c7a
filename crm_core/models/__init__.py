"""The core's database tables, one concept a file; importing this package fills `SQLModel.metadata`."""

from crm_core.models.account import ApiToken, Invite, SignIn, User
from crm_core.models.activity import Activity, ActivityParticipant
from crm_core.models.attachment import AttachedFile
from crm_core.models.change import Change, Event, IdempotencyKey
from crm_core.models.comment import Comment, Notification
from crm_core.models.feature_request import FeatureRequest, FeatureVote
from crm_core.models.fundraising import Commitment, Contact, Fund, Investor, Task
from crm_core.models.grid import Field, GridIndex, GridTable, RecordLink, View, ViewStar
from crm_core.models.import_run import ImportRun
from crm_core.models.job_run import JobRun
from crm_core.models.merge import DistinctPair, RecordMerge
from crm_core.models.second_factor import AuthenticatorApp, Passkey, RecoveryCode
from crm_core.models.setting import AppSetting, PluginState
from crm_core.models.state import FundraisingState

__all__ = [
    "Activity",
    "ActivityParticipant",
    "ApiToken",
    "AppSetting",
    "AttachedFile",
    "AuthenticatorApp",
    "Change",
    "Comment",
    "Commitment",
    "Contact",
    "DistinctPair",
    "Event",
    "FeatureRequest",
    "FeatureVote",
    "Field",
    "Fund",
    "FundraisingState",
    "GridIndex",
    "GridTable",
    "IdempotencyKey",
    "ImportRun",
    "Investor",
    "Invite",
    "JobRun",
    "Notification",
    "Passkey",
    "PluginState",
    "RecordLink",
    "RecordMerge",
    "RecoveryCode",
    "SignIn",
    "Task",
    "User",
    "View",
    "ViewStar",
]
