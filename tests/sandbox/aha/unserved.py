"""The operations of https://www.aha.io/openapi.json that the stand-in leaves out on purpose, a line each.

They answer as paths that Aha! has not: 404, a web page. Nothing of this belongs to keeping Aha! and Jira in step.
"""

from __future__ import annotations

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


def operations() -> set[str]:
    """Each of them, such as "GET /ideas/{}"."""
    lines = [line.partition(" ") for line in PATHS.split("\n") if line]
    return {f"{method} {path}" for methods, _, path in lines for method in methods.split(",")}
