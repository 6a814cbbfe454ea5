"""Which operations a request without credentials reaches; every other is answered 401 before it begins.

On Cloud they are those whose `security` in the documents names the empty requirement beside the others, whatever
else the operation says of itself: so others measured over every operation of v2 and v3, on a site without public
projects (https://github.com/brekkylab/backlot/blob/main/scripts/gen_jira_unserved.py). There the operation runs as
somebody without any permission, and what it answers is its own: an empty list, 404 for what is not visible, a
refusal. Data Center's document tells of some that they are refused with 401, and of projects that they are answered;
what is left here is that, what others observed, and what tells no more than that something is not there.
"""

from __future__ import annotations

from functools import cache

from crosswalk_sandbox.jira.state import Person

NOBODY = Person("", "", "", "", "")
NOT_SIGNED_IN = "You are not authenticated. Authentication required to perform this operation."
"""Of a refusal that an operation itself gives: as old servers worded it; what Cloud says is not known."""

CLOUD = """
    addActorUsers addAttachment addComment addFieldToDefaultScreen addScreenTabField addSharePermission addVote
    addWatcher addWorklog archiveIssues archiveIssuesAsync archiveProject assignIssue bulkFetchIssues
    changeFilterOwner copyDashboard countIssues createComponent createCustomField createDashboard createFilter
    createIssue createIssueLinkType createIssueType createIssues createOrUpdateRemoteIssueLink createProject
    createUser createVersion deleteActor deleteAndReplaceVersion deleteComment deleteCommentProperty deleteComponent
    deleteDashboard deleteDashboardItemProperty deleteFavouriteForFilter deleteFilter deleteIssue deleteIssueLink
    deleteIssueLinkType deleteIssueProperty deleteIssueType deleteIssueTypeProperty deleteProject
    deleteProjectAsynchronously deleteProjectProperty deleteRemoteIssueLinkByGlobalId deleteRemoteIssueLinkById
    deleteSharePermission deleteVersion deleteWorklog deleteWorklogProperty doTransition editIssue
    findAssignableUsers findBulkAssignableUsers findComponentsForProjects findGroups findUsers findUsersAndGroups
    findUsersForPicker findUsersWithAllPermissions findUsersWithBrowsePermission getAccessibleProjectTypeByKey
    getAllAccessibleProjectTypes getAllDashboards getAllGadgets getAllPermissions getAllProjectAvatars
    getAllProjectTypes getAllProjects getAllScreenTabFields getAllScreenTabs getAllStatuses getAllSystemAvatars
    getAllUsers getAlternativeIssueTypes getAttachment getAttachmentContent getAttachmentMeta getAttachmentThumbnail
    getAutoComplete getAutoCompletePost getAvailableScreenFields getBulkPermissions getChangeLogs getColumns
    getComment getCommentProperty
    getCommentPropertyKeys getComments getCommentsByIds getComponent getComponentRelatedIssues getCreateIssueMeta
    getCreateIssueMetaIssueTypeId getCreateIssueMetaIssueTypes getCustomFieldOption getDashboard
    getDashboardItemProperty getDashboardItemPropertyKeys getDashboardsPaginated getDefaultShareScope
    getEditIssueMeta getFavouriteFilters getFieldAutoCompleteForQueryString getFields getFilter getFiltersPaginated
    getIsWatchingIssueBulk getIssue getIssueAllTypes getIssueLink getIssueLinkType getIssueLinkTypes
    getIssuePickerResource getIssueProperty getIssuePropertyKeys getIssueSecurityLevel getIssueType
    getIssueTypeProperty getIssueTypePropertyKeys getIssueTypesForProject getIssueWatchers getIssueWorklog getLocale
    getMyFilters getMyPermissions getPermittedProjects getPriorities getPriority getProject getProjectComponents
    getProjectComponentsPaginated getProjectProperty getProjectPropertyKeys getProjectRole getProjectRoleDetails
    getProjectRoles getProjectTypeByKey getProjectVersions getProjectVersionsPaginated getRecent
    getRemoteIssueLinkById getRemoteIssueLinks getResolution getResolutions getScreensForField
    getSecurityLevelsForProject getServerInfo getSharePermission getSharePermissions getStatus getStatusCategories
    getStatusCategory getStatuses getTransitions getUser getUserGroups getVersion getVersionRelatedIssues
    getVersionUnresolvedIssues getVotes getWorklog getWorklogProperty getWorklogPropertyKeys linkIssues
    mergeVersions moveVersion notify parseJqlQueries removeAttachment removeScreenTabField removeUser removeVote
    removeWatcher resetColumns restore searchAndReconsileIssuesUsingJql searchAndReconsileIssuesUsingJqlPost
    searchForIssuesUsingJql searchForIssuesUsingJqlPost searchProjects setActors setColumns setCommentProperty
    setDashboardItemProperty setDefaultShareScope setFavouriteForFilter setIssueProperty setIssueTypeProperty
    setProjectProperty setWorklogProperty unarchiveIssues updateComment updateComponent updateDashboard updateFilter
    updateIssueLinkType updateIssueType updateProject updateRemoteIssueLink updateVersion updateWorklog
"""
"""Of the platform."""

SOFTWARE = """
    deleteBoardProperty deleteProperty getBoardProperty getBoardPropertyKeys getPropertiesKeys getProperty
    setBoardProperty setProperty
"""
"""Of Jira Software on Cloud."""

DATA_CENTER = """
    getAllProjects getFieldAutoCompleteForQueryString getIssue getIssueSecurityLevel getProject getServerInfo login
    searchUsingSearchRequest
"""

OUTSIDE = frozenset({"(media host)"})
"""Of the paths that no document has: what the address of a file itself gives a right to."""


@cache
def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def reaches(flavour: str, template: str, name: str) -> bool:
    """Whether a request without credentials reaches the operation of this name and path."""
    if name in OUTSIDE:
        return True
    if flavour == "dc":
        return name in _names(DATA_CENTER)
    return name in _names(SOFTWARE if template.startswith("agile/") else CLOUD)
