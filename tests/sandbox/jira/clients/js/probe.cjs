// Drives jira.js through what an integration and an administrator's script do, against one sandbox, and reports as JSON.
//
//   node probe.cjs < {"url", "version": 2|3, "me", "reader", "outsider": [email, token], "people": {name: accountId}}
//
// The report is {"facts": {step: what the client got}, "failed": {step: why}}. test_jira_js.py holds the facts against
// the sandbox's state, so steps leave behind what they made unless deleting it is the point.
"use strict";

const { readFileSync } = require("node:fs");
// Node 18 has File, though not yet as a global.
globalThis.File ??= require("node:buffer").File;
const { AgileClient, Version2Client, Version3Client } = require("jira.js");

const given = JSON.parse(readFileSync(0, "utf8"));
const Platform = given.version === 2 ? Version2Client : Version3Client;
const open = (Client, [email, apiToken]) =>
  new Client({ host: given.url, authentication: { basic: { email, apiToken } }, noCheckAtlassianToken: true });
const jira = open(Platform, given.me);
const agile = open(AgileClient, given.me);
const facts = {};
const failed = {};

const text = (words) =>
  given.version === 2
    ? words
    : { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text: words }] }] };

// Moves the sandbox's clock on: its request limits and the lag of its index pass without waiting.
const tick = () => fetch(`${given.url}/_sandbox/clock/advance`, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ seconds: 60 }),
});

async function step(name, act) {
  await tick();
  try {
    facts[name] = (await act()) ?? null;
  } catch (error) {
    const answer = error.response?.data ?? error.cause?.response?.data;
    failed[name] = `${error.stack} ${answer ? JSON.stringify(answer) : ""}`;
  }
}

// The status with which something is refused.
async function refusal(act) {
  try {
    await act();
    return 0;
  } catch (error) {
    return error.status ?? error.response?.status ?? error.cause?.response?.status ?? String(error);
  }
}

const make = async (summary, kind = "Task", more = {}) =>
  (await jira.issues.createIssue({
    fields: { project: { key: "FAB" }, issuetype: { name: kind }, summary, ...more },
  })).key;

async function reading() {
  await step("server", async () => (await jira.serverInfo.getServerInfo()).deploymentType);
  await step("myself", async () => (await jira.myself.getCurrentUser()).accountId);
  await step("permissions", async () => {
    const { permissions } = await jira.permissions.getMyPermissions({
      projectKey: "OPS", permissions: "CREATE_ISSUES,BROWSE_PROJECTS",
    });
    return [permissions.CREATE_ISSUES.havePermission, permissions.BROWSE_PROJECTS.havePermission];
  });
  await step("projects", async () => (await jira.projects.searchProjects({ expand: "lead" })).values.map((p) => p.key));
  await step("project", async () => (await jira.projects.getProject({ projectIdOrKey: "FAB" })).lead.displayName);
  await step("types", async () =>
    (await jira.issueTypes.getIssueTypesForProject({ projectId: 10000 })).map((kind) => kind.name));
  await step("createmeta", async () => {
    const types = await jira.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: "FAB" });
    const story = types.issueTypes.find((kind) => kind.name === "Story");
    const meta = await jira.issues.getCreateIssueMetaIssueTypeId({
      projectIdOrKey: "FAB", issueTypeId: story.id, maxResults: 200,
    });
    return meta.fields.filter((field) => field.required).map((field) => field.fieldId).sort();
  });
  await step("editmeta", async () =>
    (await jira.issues.getEditIssueMeta({ issueIdOrKey: "FAB-2" })).fields.labels.operations);
  await step("lists", async () => ({
    priorities: (await jira.issuePriorities.searchPriorities()).values.map((one) => one.id),
    resolutions: (await jira.issueResolutions.searchResolutions()).values.map((one) => one.id),
    statuses: (await jira.workflowStatuses.getStatuses()).map((one) => one.id),
    found: (await jira.status.search({ projectId: "10000", searchString: "rev" })).values.map((one) => one.name),
    categories: (await jira.workflowStatusCategories.getStatusCategories()).map((one) => one.key),
    links: (await jira.issueLinkTypes.getIssueLinkTypes()).issueLinkTypes.map((one) => one.id),
    labels: (await jira.labels.getAllLabels()).values,
    fields: (await jira.issueFields.getFields()).map((one) => one.id),
  }));
  await step("people", async () => ({
    search: (await jira.userSearch.findUsers({ query: "chan" })).map((one) => one.displayName),
    assignable: (await jira.userSearch.findAssignableUsers({ project: "FAB", query: "bru" })).map((one) => one.displayName),
    picker: (await jira.userSearch.findUsersForPicker({ query: "dana" })).users.map((one) => one.displayName),
    groups: (await jira.users.getUserGroups({ accountId: given.people.alice })).map((one) => one.name),
  }));
}

async function issues() {
  await step("create", async () => {
    const key = await make("A bell", "Story", {
      description: text("Ding"), labels: ["a"], components: [{ name: "Frame" }], fixVersions: [{ name: "spring 2027" }],
      customfield_10016: 3, customfield_10030: { value: "Couriers" }, parent: { key: "FAB-1" },
    });
    await jira.issues.editIssue({
      issueIdOrKey: key,
      fields: { summary: "A loud bell" },
      update: { labels: [{ add: "b" }, { remove: "a" }], components: [{ add: { name: "App" } }] },
    });
    await jira.issues.assignIssue({ issueIdOrKey: key, accountId: given.people.bruno });
    const changes = await jira.issues.getChangeLogs({ issueIdOrKey: key });
    const issue = await jira.issues.getIssue({ issueIdOrKey: key, fields: ["summary", "parent"] });
    return {
      key, parent: issue.fields.parent.key, summary: issue.fields.summary,
      changed: changes.values.flatMap((change) => change.items.map((item) => item.field)).sort(),
      refused: await refusal(() => jira.issues.editIssue({ issueIdOrKey: key, fields: { nonsense: 1 } })),
    };
  });
  await step("bulk", async () => {
    const base = { project: { key: "FAB" }, issuetype: { name: "Task" } };
    const made = await jira.issues.createIssues({
      issueUpdates: [{ fields: { ...base, summary: "one" } }, { fields: base }],
    });
    const part = await make("part", "Sub-task", { parent: { key: made.issues[0].key } });
    return { made: made.issues.length, errors: made.errors.length, parent: made.issues[0].key, part };
  });
  await step("transitions", async () => {
    const key = await make("walk");
    const ways = await jira.issues.getTransitions({ issueIdOrKey: key, expand: "transitions.fields" });
    const close = ways.transitions.find((way) => way.name === "Close");
    const go = (fields) => jira.issues.doTransition({ issueIdOrKey: key, transition: { id: close.id }, fields });
    const refused = await refusal(() => go(undefined));
    await go({ resolution: { name: "Done" }, fixVersions: [{ name: "spring 2027" }] });
    return { key, required: close.fields.resolution.required, refused };
  });
  await step("comments", async () => {
    const key = await make("talk");
    const first = await jira.issueComments.addComment({ issueIdOrKey: key, comment: text("Hello") });
    await jira.issueComments.addComment({
      issueIdOrKey: key, comment: text("psst"), visibility: { type: "role", value: "Administrators" },
    });
    const gone = await jira.issueComments.addComment({ issueIdOrKey: key, comment: text("oops") });
    await jira.issueComments.updateComment({ issueIdOrKey: key, id: first.id, body: text("Good day"), comment: text("Good day") });
    await jira.issueComments.deleteComment({ issueIdOrKey: key, id: gone.id });
    await jira.issueCommentProperties.setCommentProperty({ commentId: first.id, propertyKey: "seen", property: { n: 1 } });
    const byId = await jira.issueComments.getCommentsByIds({ ids: [Number(first.id)] });
    return {
      key, first: first.id, byId: byId.values.map((one) => one.id),
      left: (await jira.issueComments.getComments({ issueIdOrKey: key })).total,
      keys: (await jira.issueCommentProperties.getCommentPropertyKeys({ commentId: first.id })).keys.length,
    };
  });
  await step("attachments", async () => {
    const key = await make("files");
    const attachment = [1, 2].map((n) => ({ filename: `bell${n}.bin`, file: Buffer.from([0, n]) }));
    const files = await jira.issueAttachments.addAttachment({ issueIdOrKey: key, attachment });
    const got = await jira.issueAttachments.getAttachmentContent({ id: files[0].id });
    await jira.issueAttachments.removeAttachment({ id: files[1].id });
    const meta = await jira.issueAttachments.getAttachment({ id: files[0].id });
    return { key, id: files[0].id, bytes: [...Buffer.from(got)], size: meta.size };
  });
  await step("worklogs", async () => {
    const key = await make("work", "Task", { timetracking: { originalEstimate: "1d" } });
    const log = await jira.issueWorklogs.addWorklog({ issueIdOrKey: key, timeSpent: "2h", comment: text("drilled") });
    await jira.issueWorklogs.addWorklog({
      issueIdOrKey: key, timeSpentSeconds: 3600, adjustEstimate: "new", newEstimate: "3h",
    });
    await jira.issueWorklogs.updateWorklog({ issueIdOrKey: key, id: log.id, timeSpent: "1h", adjustEstimate: "leave" });
    const more = await jira.issueWorklogs.addWorklog({ issueIdOrKey: key, timeSpent: "1h", adjustEstimate: "leave" });
    await jira.issueWorklogs.deleteWorklog({ issueIdOrKey: key, id: more.id, adjustEstimate: "manual", increaseBy: "1h" });
    const logs = await jira.issueWorklogs.getIssueWorklog({ issueIdOrKey: key });
    return { key, seconds: logs.worklogs.map((one) => one.timeSpentSeconds) };
  });
  await step("links", async () => {
    const [a, b] = [await make("a"), await make("b")];
    const link = (type) => jira.issueLinks.linkIssues({
      type: { name: type }, inwardIssue: { key: a }, outwardIssue: { key: b },
    });
    await link("Blocks");
    await link("Relates");
    const { fields } = await jira.issues.getIssue({ issueIdOrKey: a });
    const relates = fields.issuelinks.find((one) => one.type.name === "Relates");
    await jira.issueLinks.deleteIssueLink({ linkId: relates.id });
    await jira.issueRemoteLinks.createOrUpdateRemoteIssueLink({
      issueIdOrKey: a, globalId: "g-1", object: { url: "https://example.com/1", title: "One" },
    });
    await jira.issueRemoteLinks.createOrUpdateRemoteIssueLink({
      issueIdOrKey: a, globalId: "g-2", object: { url: "https://example.com/2", title: "Two" },
    });
    await jira.issueRemoteLinks.deleteRemoteIssueLinkByGlobalId({ issueIdOrKey: a, globalId: "g-1" });
    await jira.issueProperties.setIssueProperty({
      issueIdOrKey: a, propertyKey: "crosswalk", propertyValue: { n: 1 },
    });
    return { a, b, ends: fields.issuelinks.length };
  });
  await step("watchers", async () => {
    const key = await make("look");
    for (const name of ["bruno", "alice"]) {
      await jira.issueWatchers.addWatcher({ issueIdOrKey: key, accountId: given.people[name] });
    }
    await jira.issueWatchers.removeWatcher({ issueIdOrKey: key, accountId: given.people.alice });
    const watchers = await jira.issueWatchers.getIssueWatchers({ issueIdOrKey: key });
    const vote = await refusal(() => jira.issueVotes.addVote({ issueIdOrKey: key }));
    return { key, count: watchers.watchCount, vote };
  });
  await step("search", async () => {
    const keys = [];
    let nextPageToken;
    do {
      const page = await jira.issueSearch.searchForIssuesUsingJqlEnhancedSearchPost({
        jql: "project = FAB ORDER BY key", maxResults: 4, fields: ["summary"], nextPageToken,
      });
      keys.push(...page.issues.map((issue) => issue.key));
      nextPageToken = page.nextPageToken;
    } while (nextPageToken);
    const counted = await jira.issueSearch.countIssues({ jql: "project = FAB" });
    const wrong = () => jira.issueSearch.searchForIssuesUsingJqlEnhancedSearch({ jql: "nonsense = 1" });
    return { keys, count: counted.count, wrong: await refusal(wrong) };
  });
  await step("delete", async () => {
    const key = await make("gone");
    await jira.issues.deleteIssue({ issueIdOrKey: key });
    return { key, then: await refusal(() => jira.issues.getIssue({ issueIdOrKey: key })) };
  });
}

async function administration() {
  await step("fields", async () => {
    const field = await jira.issueFields.createCustomField({
      name: "Bell tone", type: "com.atlassian.jira.plugin.system.customfieldtypes:select",
    });
    await jira.screens.addFieldToDefaultScreen({ fieldId: field.id });
    const contexts = await jira.issueCustomFieldContexts.getContextsForField({ fieldId: field.id });
    const place = { fieldId: field.id, contextId: Number(contexts.values[0].id) };
    const { options } = await jira.issueCustomFieldOptions.createCustomFieldOption({
      ...place, options: [{ value: "Bright" }, { value: "Dull", disabled: true }, { value: "Soft" }],
    });
    await jira.issueCustomFieldOptions.reorderCustomFieldOptions({
      ...place, customFieldOptionIds: [options[2].id], position: "First",
    });
    await jira.issueCustomFieldOptions.updateCustomFieldOption({ ...place, options: [{ id: options[0].id, value: "Clear" }] });
    const listed = await jira.issueCustomFieldOptions.getOptionsForContext(place);
    return {
      id: field.id, options: listed.values.map((one) => one.value),
      key: await make("ting", "Task", { [field.id]: { value: "Clear" } }),
      dull: await refusal(() => make("x", "Task", { [field.id]: { value: "Dull" } })),
    };
  });
  await step("versions", async () => {
    const create = (name) => jira.projectVersions.createVersion({ name, projectId: 10000 });
    const [one, two, three] = [await create("1.0"), await create("2.0"), await create("3.0")];
    await jira.projectVersions.moveVersion({ id: two.id, position: "First" });
    const key = await make("v", "Task", { fixVersions: [{ id: two.id }, { id: three.id }] });
    const left = await jira.projectVersions.getVersionUnresolvedIssues({ id: two.id });
    const order = await jira.projectVersions.getProjectVersions({ projectIdOrKey: "FAB" });
    await jira.projectVersions.mergeVersions({ id: two.id, moveIssuesTo: one.id });
    await jira.projectVersions.deleteAndReplaceVersion({ id: three.id, moveFixIssuesTo: 10001 });
    await jira.projectVersions.updateVersion({ id: one.id, released: true, releaseDate: "2027-02-01" });
    return { key, one: one.id, gone: [two.id, three.id], first: order[0].id, unresolved: left.issuesUnresolvedCount };
  });
  await step("components", async () => {
    const made = await jira.projectComponents.createComponent({
      name: "Saddle", project: "FAB", leadAccountId: given.people.bruno,
    });
    await jira.projectComponents.updateComponent({ id: made.id, name: "Seat" });
    const key = await make("sit", "Task", { components: [{ id: made.id }] });
    const count = (await jira.projectComponents.getComponentRelatedIssues({ id: made.id })).issueCount;
    const other = await jira.projectComponents.createComponent({ name: "Bell", project: "FAB" });
    await jira.projectComponents.deleteComponent({ id: other.id, moveIssuesTo: made.id });
    return { id: made.id, key, count, gone: other.id };
  });
  await step("groups", async () => {
    const group = await jira.groups.createGroup({ name: "ringers" });
    await jira.groups.addUserToGroup({ groupId: group.groupId, accountId: given.people.otto });
    const members = await jira.groups.getUsersFromGroup({ groupId: group.groupId });
    const outsider = open(Platform, given.outsider);
    const look = () => refusal(() => outsider.issues.getIssue({ issueIdOrKey: "FAB-1" }));
    const before = await look();
    const roles = await jira.projectRoles.getProjectRoles({ projectIdOrKey: "FAB" });
    const role = { projectIdOrKey: "FAB", id: Number(roles.Users.split("/").pop()) };
    await jira.projectRoleActors.addActorUsers({ ...role, group: ["ringers"] });
    const during = await look();
    await jira.projectRoleActors.deleteActor({ ...role, group: "ringers" });
    const found = await jira.groups.findGroups({ query: "ring" });
    return {
      id: group.groupId, members: members.values.map((one) => one.accountId), found: found.total,
      look: [before, during, await look()],
    };
  });
  await step("filters", async () => {
    const made = await jira.filters.createFilter({ name: "Bells", jql: "summary ~ bell", favourite: true });
    await jira.filters.updateFilter({ id: Number(made.id), name: "Loud bells", jql: "summary ~ loud" });
    await jira.filterSharing.addSharePermission({ id: Number(made.id), type: "project", projectId: "10000" });
    const found = await jira.filters.getFiltersPaginated({ filterName: "loud", expand: "jql" });
    const favourites = await jira.filters.getFavouriteFilters();
    return { id: made.id, jql: found.values[0].jql, favourites: favourites.map((one) => one.id) };
  });
  await step("project", async () => {
    const category = await jira.projectCategories.createProjectCategory({ name: "Sound", description: "" });
    const made = await jira.projects.createProject({
      key: "BEL", name: "Bells", projectTypeKey: "software", leadAccountId: given.people.bruno,
      projectTemplateKey: "com.pyxis.greenhopper.jira:gh-simplified-scrum-classic", categoryId: Number(category.id),
    });
    await jira.projects.updateProject({ projectIdOrKey: "BEL", description: "Dong" });
    const taken = () => jira.projects.createProject({
      key: "BEL", name: "Other", projectTypeKey: "software", leadAccountId: given.people.bruno,
    });
    await jira.projectProperties.setProjectProperty({ projectIdOrKey: "BEL", propertyKey: "p", propertyValue: { n: 1 } });
    return { id: String(made.id), taken: await refusal(taken), category: category.id };
  });
  await step("boards", async () => {
    const filter = await jira.filters.createFilter({ name: "Tasks", jql: "project = FAB AND issuetype = Task" });
    const board = await agile.board.createBoard({
      name: "Tasks", type: "scrum", filterId: Number(filter.id), location: { type: "project", projectKeyOrId: "FAB" },
    });
    const sprint = await agile.sprint.createSprint({ name: "Ring", originBoardId: board.id, goal: "Loud" });
    const dates = { startDate: "2026-12-01T09:00:00.000Z", endDate: "2026-12-15T09:00:00.000Z" };
    await agile.sprint.partiallyUpdateSprint({ sprintId: sprint.id, state: "active", ...dates });
    const key = await make("in it");
    await agile.sprint.moveIssuesToSprintAndRank({ sprintId: sprint.id, issues: [key], rankBeforeIssue: "FAB-1" });
    await tick();
    const inSprint = await agile.board.getBoardIssuesForSprint({ boardId: board.id, sprintId: sprint.id });
    const configuration = await agile.board.getConfiguration({ boardId: board.id });
    const epic = await agile.epic.getEpic({ epicIdOrKey: "FAB-1" });
    await agile.epic.moveIssuesToEpic({ epicIdOrKey: "FAB-1", issues: [key] });
    const out = await make("later");
    await agile.issue.rankIssues({ issues: [out], rankAfterIssue: key });
    await agile.issue.estimateIssueForBoard({ issueIdOrKey: out, boardId: board.id, value: "8" });
    await tick();
    const backlog = await agile.board.getIssuesForBacklog({ boardId: board.id, maxResults: 1000 });
    return {
      board: board.id, sprint: sprint.id, key, out, epic: epic.key,
      columns: configuration.columnConfig.columns.map((column) => column.name),
      inSprint: inSprint.issues.map((issue) => issue.key),
      waits: backlog.issues.map((issue) => issue.key).includes(out),
      sprints: (await agile.board.getAllSprints({ boardId: board.id, state: "active" })).values.map((one) => one.id),
    };
  });
  await step("dashboard", async () => {
    const made = await jira.dashboards.createDashboard({
      name: "Bells", sharePermissions: [{ type: "global" }], editPermissions: [],
    });
    const gadget = await jira.dashboards.addGadget({
      dashboardId: made.id, moduleKey: "com.atlassian.jira.gadgets:filter-results-gadget", color: "green",
    });
    return { id: made.id, gadget: gadget.id };
  });
  await step("hooks", async () => {
    const path = "/rest/webhooks/1.0/webhook";
    const send = (method, url, data) => jira.sendRequest({ method, url, data });
    const made = await send("POST", path, { name: "Probe", url: "http://127.0.0.1:9/x", events: ["jira:issue_created"] });
    const list = await send("GET", path);
    await send("DELETE", new URL(made.self).pathname);
    return { listed: list.length, app: await refusal(() => jira.webhooks.getDynamicWebhooksForApp()) };
  });
}

async function rights() {
  const reader = open(Platform, given.reader);
  const outsider = open(Platform, given.outsider);
  const fields = { project: { key: "FAB" }, issuetype: { name: "Task" }, summary: "x" };
  await step("reader", async () => ({
    reads: (await reader.issues.getIssue({ issueIdOrKey: "FAB-2" })).key,
    create: await refusal(() => reader.issues.createIssue({ fields })),
    edit: await refusal(() => reader.issues.editIssue({ issueIdOrKey: "FAB-2", fields: { summary: "mine" } })),
    delete: await refusal(() => reader.issues.deleteIssue({ issueIdOrKey: "FAB-2" })),
    comment: await refusal(() => reader.issueComments.addComment({ issueIdOrKey: "FAB-2", comment: text("x") })),
    worklog: await refusal(() => reader.issueWorklogs.addWorklog({ issueIdOrKey: "FAB-2", timeSpent: "1h" })),
    watcher: await refusal(() =>
      reader.issueWatchers.addWatcher({ issueIdOrKey: "FAB-2", accountId: given.people.bruno })),
    version: await refusal(() => reader.projectVersions.createVersion({ name: "x", projectId: 10000 })),
    group: await refusal(() => reader.groups.createGroup({ name: "x" })),
    project: await refusal(() => reader.projects.createProject({ key: "X" })),
    field: await refusal(() => reader.issueFields.createCustomField({ name: "x", type: "y" })),
    sprint: await refusal(() => open(AgileClient, given.reader).sprint.createSprint({ name: "x", originBoardId: 1 })),
  }));
  await step("outsider", async () => ({
    projects: (await outsider.projects.searchProjects()).total,
    issue: await refusal(() => outsider.issues.getIssue({ issueIdOrKey: "FAB-2" })),
    project: await refusal(() => outsider.projects.getProject({ projectIdOrKey: "FAB" })),
    boards: (await open(AgileClient, given.outsider).board.getAllBoards()).total,
    found: (await outsider.issueSearch.searchForIssuesUsingJqlEnhancedSearch({ jql: "project is not EMPTY" })).issues.length,
  }));
}

(async () => {
  await reading();
  await issues();
  await administration();
  await rights();
  process.stdout.write(JSON.stringify({ facts, failed }));
})();
