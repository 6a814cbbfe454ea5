"""What a body may have on Cloud where the document closes it (`additionalProperties: false`), by operation.

Any other property is refused before the operation is reached, as recorded of a search:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/. The bodies of Jira Software's operations are not
looked at so: nothing is recorded of them.
"""

from __future__ import annotations

from functools import cache

OPERATIONS = {
    "addActorUsers": "group groupId user",
    "addGadget": "color ignoreUriAndModuleKeyValidation moduleKey position title uri",
    "addIssueTypesToContext": "issueTypeIds",
    "addProjectRoleActorsToRole": "group groupId user",
    "addScreenTabField": "fieldId",
    "addSharePermission": "accountId groupId groupname projectId projectRoleId rights type",
    "archiveIssues": "issueIdsOrKeys",
    "archiveIssuesAsync": "jql",
    "assignIssue": (
        "accountId accountType active appType applicationRoles avatarUrls displayName emailAddress expand "
        "groups guest key locale name self timeZone"
    ),
    "assignPermissionScheme": "id",
    "assignProjectsToCustomFieldContext": "projectIds",
    "bulkFetchIssues": "expand fields fieldsByKeys issueIdsOrKeys properties",
    "changeFilterOwner": "accountId",
    "copyDashboard": "description editPermissions name sharePermissions",
    "countIssues": "jql",
    "createComponent": (
        "ari assignee assigneeType description id isAssigneeTypeValid lead leadAccountId leadUserName "
        "metadata name project projectId realAssignee realAssigneeType self"
    ),
    "createCustomField": "description name searcherKey type",
    "createCustomFieldContext": "description id issueTypeIds name projectIds",
    "createCustomFieldOption": "options",
    "createDashboard": "description editPermissions name sharePermissions",
    "createFilter": (
        "approximateLastUsed description editPermissions favourite favouritedCount id jql name owner "
        "searchUrl self sharePermissions sharedUsers subscriptions viewUrl"
    ),
    "createIssueLinkType": "id inward name outward self",
    "createIssueType": "description hierarchyLevel name type",
    "createProject": (
        "assigneeType avatarId categoryId description fieldConfigurationScheme fieldScheme "
        "issueSecurityScheme issueTypeScheme issueTypeScreenScheme key lead leadAccountId name "
        "notificationScheme permissionScheme projectTemplateKey projectTypeKey url workflowScheme"
    ),
    "createProjectCategory": "description id name self",
    "createProjectRole": "description name",
    "createVersion": (
        "approvers archived description driver expand id issuesStatusForFixVersion moveUnfixedIssuesTo name "
        "operations overdue project projectId releaseDate released self startDate userReleaseDate "
        "userStartDate"
    ),
    "deleteAndReplaceVersion": "customFieldReplacementList moveAffectedIssuesTo moveFixIssuesTo",
    "deleteWebhookById": "webhookIds",
    "fullyUpdateProjectRole": "description name",
    "getAutoCompletePost": "includeCollapsedFields projectIds",
    "getBulkChangelogs": "fieldIds issueIdsOrKeys maxResults nextPageToken",
    "getBulkPermissions": "accountId globalPermissions projectPermissions",
    "getCommentsByIds": "ids",
    "getCustomFieldContextsForProjectsAndIssueTypes": "mappings",
    "getIsWatchingIssueBulk": "issueIds",
    "getPermittedProjects": "permissions",
    "getWorklogsForIds": "ids",
    "linkIssues": "comment inwardIssue outwardIssue type",
    "matchIssues": "issueIds jqls",
    "moveVersion": "after position",
    "parseJqlQueries": "queries",
    "partialUpdateProjectRole": "description name",
    "refreshWebhooks": "webhookIds",
    "registerDynamicWebhooks": "url webhooks",
    "removeCustomFieldContextFromProjects": "projectIds",
    "removeIssueTypesFromContext": "issueTypeIds",
    "reorderCustomFieldOptions": "after customFieldOptionIds position",
    "searchAndReconsileIssuesUsingJqlPost": (
        "expand fields fieldsByKeys jql maxResults nextPageToken properties reconcileIssues"
    ),
    "setActors": "categorisedActors id",
    "setApplicationProperty": "id value",
    "setColumns": "columns",
    "setDefaultShareScope": "scope",
    "submitBulkMove": "sendBulkNotification targetToSourcesMapping",
    "unarchiveIssues": "issueIdsOrKeys",
    "updateComponent": (
        "ari assignee assigneeType description id isAssigneeTypeValid lead leadAccountId leadUserName "
        "metadata name project projectId realAssignee realAssigneeType self"
    ),
    "updateCustomField": "description name searcherKey",
    "updateCustomFieldContext": "description name",
    "updateCustomFieldOption": "options",
    "updateDashboard": "description editPermissions name sharePermissions",
    "updateFilter": (
        "approximateLastUsed description editPermissions favourite favouritedCount id jql name owner "
        "searchUrl self sharePermissions sharedUsers subscriptions viewUrl"
    ),
    "updateGadget": "color position title",
    "updateIssueLinkType": "id inward name outward self",
    "updateIssueType": "avatarId description name",
    "updateProject": (
        "assigneeType avatarId categoryId description issueSecurityScheme key lead leadAccountId name "
        "notificationScheme permissionScheme releasedProjectKeys url"
    ),
    "updateProjectCategory": "description id name self",
    "updateVersion": (
        "approvers archived description driver expand id issuesStatusForFixVersion moveUnfixedIssuesTo name "
        "operations overdue project projectId releaseDate released self startDate userReleaseDate "
        "userStartDate"
    ),
}


@cache
def known(operation: str) -> frozenset[str] | None:
    """The names of an operation's body; None where it is open, or nothing is declared."""
    return frozenset(OPERATIONS[operation].split()) if operation in OPERATIONS else None
