"""A stand-in Aha!: REST v1 under /api/v1, the activity webhook, and pages on which a person plays.

Every rule imitated names its source; what Aha! does not document is decided in one place, `state.Settings`.
"""

from crosswalk_sandbox.aha.app import build

__all__ = ["build"]
