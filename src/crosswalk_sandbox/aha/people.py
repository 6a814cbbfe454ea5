"""The people of an account and their roles. Knows no record.

Role numbers and names as in the examples of
https://www.aha.io/api/resources/users/list_users_associated_with_a_product
and what a write calls them as in https://www.aha.io/api/resources/users/create_a_user.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

OWNER, CONTRIBUTOR, DEVELOPER, REVIEWER, VIEWER, NONE = 20, 30, 35, 40, 50, 0
ROLE_NAMES: Mapping[int, str] = {
    OWNER: "Owner",
    CONTRIBUTOR: "Contributor",
    DEVELOPER: "Developer",
    REVIEWER: "Reviewer",
    VIEWER: "Viewer",
}
WRITTEN: Mapping[str, int] = {
    "product_owner": OWNER,
    "contributor": CONTRIBUTOR,
    "reviewer": REVIEWER,
    "viewer": VIEWER,
    "none": NONE,
}
ADMINISTRATOR_ROLES = ("administer_account", "administer_billing", "administer_configuration")


def may_write(role: int) -> bool:
    """Whether somebody of that role changes records."""
    return role in (OWNER, CONTRIBUTOR, DEVELOPER)


@dataclass(slots=True, eq=False)
class User:
    """A person. `role` holds in every workspace that `roles` (by the workspace's id) does not name.

    `key` is the API key; `custom_roles` are the names of further roles by the workspace's id.
    """

    id: str
    name: str
    email: str
    role: int
    created_at: datetime
    updated_at: datetime
    key: str = ""
    timezone: str = "UTC"
    enabled: bool = True
    roles: dict[str, int] = field(default_factory=dict)
    custom_roles: dict[str, str] = field(default_factory=dict)
    administers: tuple[str, ...] = ()

    def role_in(self, product_id: str) -> int:
        """The role in a workspace; NONE is no access."""
        return self.roles.get(product_id, self.role)

    @property
    def writes(self) -> bool:
        """Whether there may be a workspace in which this person changes records."""
        return may_write(self.role) or any(may_write(role) for role in self.roles.values())
