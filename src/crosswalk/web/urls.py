"""Which address shows which page. Hooks are answered in front of Django: see hooks.py and asgi.py."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from crosswalk.web.views import (
    accounts,
    acts,
    connect_app,
    connect_pages,
    connect_sites,
    connections,
    deletions,
    errors,
    help,
    home,
    integration,
    integration_settings,
    join,
    log,
    login,
    me,
    new_integration,
    people,
    record,
    setup,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("setup/", setup.setup, name="setup"),
    path("login/", login.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("join/<str:code>/", join.join, name="join"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="me-password"),
    path("me/sign-out/", me.sign_out, name="me-sign-out"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/invite/", accounts.invite, name="account-invite"),
    path("accounts/<int:pk>/", accounts.change, name="account-change"),
    path("accounts/invitations/<int:pk>/withdraw/", accounts.withdraw, name="account-withdraw"),
    path("acts/", acts.acts, name="acts"),
    path("acts/acts.csv", acts.download, name="acts-file"),
    path("connections/", connections.connections, name="connections"),
    path("connections/new/<str:kind>/", connections.new, name="connection-new"),
    path("connections/<int:pk>/", connections.edit, name="connection"),
    path("connections/<int:pk>/check/", connections.check, name="connection-check"),
    path("connections/connect/", connect_sites.connect, name="connect-sites"),
    path("connections/connect/<int:pk>/allow/", connect_sites.allow, name="connect-allow"),
    path("integrations/<int:pk>/move/", connect_sites.move, name="integration-move"),
    path("connect/atlassian-connect.json", connect_app.descriptor, name="connect-descriptor"),
    path("connect/panel", connect_pages.panel, name="connect-panel"),
    path("connect/configure", connect_pages.configure, name="connect-configure"),
    path("connect/installed", connect_app.installed, name="connect-installed"),
    path("connect/enabled", connect_app.enabled, name="connect-enabled"),
    path("connect/disabled", connect_app.disabled, name="connect-disabled"),
    path("connect/uninstalled", connect_app.uninstalled, name="connect-uninstalled"),
    path("integrations/new/", new_integration.new_integration, name="integration-new"),
    path("integrations/<int:pk>/", integration.integration, name="integration"),
    path("integrations/<int:pk>/send/", integration.send, name="integration-send"),
    path("integrations/<int:pk>/sync/", integration.sync_now, name="integration-sync"),
    path("integrations/<int:pk>/deletions/", deletions.answer, name="integration-deletions"),
    path("integrations/<int:pk>/progress/", integration.progress, name="integration-progress"),
    path("integrations/<int:pk>/settings/", integration_settings.integration_settings, name="integration-settings"),
    path("integrations/<int:pk>/enable/", integration_settings.enable, name="integration-enable"),
    path("integrations/<int:pk>/load/", integration_settings.load, name="integration-load"),
    path("integrations/<int:pk>/plan/", integration_settings.plan, name="integration-plan"),
    path("integrations/<int:pk>/people/", people.people, name="integration-people"),
    path("integrations/<int:pk>/people/<int:row>/", people.say, name="integration-people-say"),
    path("integrations/<int:pk>/people/people.csv", people.download, name="integration-people-file"),
    path("integrations/<int:pk>/people/upload/", people.upload, name="integration-people-upload"),
    path("records/<int:pk>/", record.record, name="record"),
    path("records/<int:pk>/compare/", record.compare, name="record-compare"),
    path("records/<int:pk>/status/", record.status, name="record-status"),
    path("records/<int:pk>/retry/", record.retry, name="record-retry"),
    path("records/<int:pk>/add-option/<int:entry>/", record.add_option, name="record-add-option"),
    path("records/<int:pk>/put-back/<int:entry>/", record.put_back, name="record-put-back"),
    path("log/", log.log, name="log"),
    path("help/", help.index, name="help-index"),
    path("help/<str:code>/", help.entry, name="help"),
    path("log/lines/", log.lines, name="log-lines"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
