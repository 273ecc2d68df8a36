"""The workspace folder: the settings in `tieline.toml`, the sources that were added, the paths."""

from tieline.workspace.folder import SETTINGS_FILE, Workspace, source_name
from tieline.workspace.secrets import stated_secret, with_environment
from tieline.workspace.settings import (
    CompanyList,
    IdentitySettings,
    Settings,
    SourceSettings,
    WorkspaceSettings,
)
from tieline.workspace.source import RememberedSource, Source

__all__ = [
    "SETTINGS_FILE",
    "CompanyList",
    "IdentitySettings",
    "RememberedSource",
    "Settings",
    "Source",
    "SourceSettings",
    "Workspace",
    "WorkspaceSettings",
    "source_name",
    "stated_secret",
    "with_environment",
]
