"""Settings of the CSV plugin, shown to admins."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class CsvSettings(BaseModel):
    """How files are read when they do not say it themselves, and how large they may be."""

    model_config = ConfigDict(extra="forbid")

    fallback_encoding: Literal["cp1252", "latin-1", "mac_roman", "cp437", "cp1250", "shift_jis"] = Field(
        default="cp1252", title="Encoding of files that are not UTF-8"
    )
    max_columns: int = Field(default=1000, ge=1, le=5000, title="Most columns a file may have")
