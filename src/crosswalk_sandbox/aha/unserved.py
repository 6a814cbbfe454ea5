"""Paths that Aha! documents and the stand-in does not serve: refused with 501 and a plain word, never as unknown.

From the operations of https://www.aha.io/openapi.json; nothing of this belongs to keeping Aha! and Jira in step.
"""

from __future__ import annotations

from collections.abc import Sequence

# Methods and path, a line each; a test holds this beside the document.
PATHS = """
GET,POST /account_backups
GET /account_backups/{}
GET,PUT /capacity_investments/{}
GET,POST /capacity_investments/{}/estimate_values
PUT,DELETE /estimate_values/{}
GET,POST /epics/{}/capacity_investments
GET,POST /features/{}/capacity_investments
GET,POST /initiatives/{}/capacity_investments
GET /products/{}/capacity_investments
GET /capacity_scenarios
GET /capacity_scenarios/{}
GET /competitors/{}
GET,POST /products/{}/competitors
PUT,DELETE /products/{}/competitors/{}
GET /creative_briefs/{}
GET,POST /products/{}/creative_briefs
PUT,DELETE /products/{}/creative_briefs/{}
GET /bookmarks/custom_pivots/{}
GET,PUT,DELETE /custom_object_records/{}
GET,POST /products/{}/custom_objects/{}/records
GET /idea_portals
GET /products/{}/idea_portals
GET /products/{}/idea_categories
POST /idea_comments/{}/attachments
PUT /idea_comments/{}
GET,POST /ideas/{}/idea_comments
DELETE /ideas/{}/idea_comments/{}
GET,POST /ideas/{}/comments
GET,POST /idea_organizations
GET,PUT,DELETE /idea_organizations/{}
GET,POST /ideas/{}/subscriptions
GET,DELETE /ideas/{}/subscriptions/{}
GET,POST /idea_users
GET,PUT,DELETE /idea_users/{}
GET /ideas/endorsements
GET,POST /ideas/{}/endorsements
GET,PUT,DELETE /ideas/{}/endorsements/{}
GET /ideas
GET /ideas/related
GET,PUT,DELETE /ideas/{}
PUT /ideas/{}/promote
GET,POST /products/{}/ideas
GET /ideas/{}/tasks
GET,POST /idea_portals/{}/portal_users/{}/portal_user_subscriptions
POST /idea_portals/{}/portal_users/{}/portal_user_subscriptions/subscribe_to_all
GET,POST /idea_portals/{}/portal_users
GET,PUT,DELETE /idea_portals/{}/portal_users/{}
GET /identity_providers
GET /identity_providers/{}
GET /idea_endorsements/fields/{}/value/{}
POST /idea_endorsements/{}/integrations/{}/fields
GET /ideas/fields/{}/value/{}
POST /ideas/{}/integrations/{}/fields
GET /paid_seat_groups
PUT /paid_seat_groups/{}
POST /paid_seat_groups/{}/modify_user
GET /personas/{}
GET,POST /products/{}/personas
PUT,DELETE /products/{}/personas/{}
GET,POST /schedulable_changes
PUT,DELETE /schedulable_changes/{}
PUT /schedulable_changes/{}/update_team_memberships
GET /schedules
GET /strategy_models
GET /strategy_models/{}
GET /strategy_positions
GET /strategy_positions/{}
GET /strategy_visions
GET /strategy_visions/{}
GET,POST /team_members
DELETE /team_members/{}
GET,POST /teams/{}/team_memberships
DELETE /teams/{}/team_memberships/{}
GET,POST /products/{}/teams
GET,POST /teams
GET,PUT,DELETE /teams/{}
"""
KNOWN = {
    (method, tuple(path.strip("/").split("/")))
    for methods, _, path in (line.partition(" ") for line in PATHS.split("\n") if line)
    for method in methods.split(",")
}


def operations() -> list[str]:
    """Every documented operation that is not served, such as "GET /ideas/{}"."""
    return sorted(f"{method} /{'/'.join(path)}" for method, path in KNOWN)


def is_documented(method: str, parts: Sequence[str]) -> bool:
    """Whether Aha! documents such a path for that method, though it is not served."""
    return any(
        method == known and len(path) == len(parts) and all(a in ("{}", b) for a, b in zip(path, parts, strict=True))
        for known, path in KNOWN
    )
