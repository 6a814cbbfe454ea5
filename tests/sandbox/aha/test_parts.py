"""Comments, attachments, links, integrations and their fields."""

from urllib.parse import quote

from tests.sandbox.aha.conftest import Aha


def test_comments_are_written_changed_and_deleted(aha: Aha) -> None:
    for path in (
        "/features/FAB-1",
        "/requirements/FAB-1-1",
        "/epics/FAB-E-1",
        "/releases/FAB-R-1",
        "/initiatives/FAB-S-1",
    ):
        made = aha.post(f"{path}/comments", {"comment": {"body": "Good <b>idea</b>"}})["comment"]
        assert made["body"] == "<p>Good <strong>idea</strong></p>"
        assert made["user"]["email"] == "alice@example.com"
        assert aha.get(f"{path}/comments")["comments"] == [made]
    changed = aha.put(f"/comments/{made['id']}", {"comment": {"body": "<p>Better</p>"}})["comment"]
    assert (changed["body"], changed["commentable"]["type"]) == ("<p>Better</p>", "Initiative")
    assert aha.get("/products/FAB/comments")["pagination"]["total_records"] == 5
    aha.delete(f"/comments/{made['id']}")
    aha.get(f"/comments/{made['id']}", 404)
    aha.post("/features/FAB-1/comments", {"comment": {"body": ""}}, 422)
    assert aha.feature()["comments_count"] == 1


def test_files_are_attached_once_and_fetched_without_the_key(aha: Aha) -> None:
    note = aha.feature()["description"]["id"]
    upload = {"attachment[data]": ("plan ü.txt", b"three lines", "text/plain")}
    made = aha.http.post(f"/api/v1/notes/{note}/attachments", files=upload).json()["attachment"]
    assert (made["file_name"], made["file_size"], made["content_type"]) == ("plan ü.txt", 11, "text/plain")
    again = aha.http.post(f"/api/v1/notes/{note}/attachments", files=upload)
    assert (again.status_code, again.json()["attachmentId"]) == (412, made["id"])
    fetched = aha.http.get(made["download_url"], headers={"Authorization": ""})
    assert fetched.content == b"three lines"
    assert aha.http.get(made["download_url"].replace("token/", "token/x")).status_code == 404
    assert [one["id"] for one in aha.feature()["description"]["attachments"]] == [made["id"]]
    aha.delete(f"/attachments/{made['id']}")
    assert aha.feature()["description"]["attachments"] == []
    comment = aha.post("/features/FAB-1/comments", {"comment": {"body": "see file"}})["comment"]
    aha.http.post(f"/api/v1/comments/{comment['id']}/attachments", files=upload)
    assert len(aha.get(f"/comments/{comment['id']}")["comment"]["attachments"]) == 1
    aha.post(f"/notes/{note}/attachments", {}, 400)


def test_a_file_over_the_limit_is_refused_by_the_gateway_or_by_the_application(aha: Aha) -> None:
    note, settings = aha.feature()["description"]["id"], aha.account.settings
    settings.upload_limit = 4
    upload = {"attachment[data]": ("a.txt", b"12345", "text/plain")}
    refused = aha.http.post(f"/api/v1/notes/{note}/attachments", files=upload)
    assert (refused.status_code, refused.headers["content-type"]) == (413, "text/html; charset=utf-8")
    settings.upload_answer = "field"
    refused = aha.http.post(f"/api/v1/notes/{note}/attachments", files=upload)
    assert (refused.status_code, "4 bytes" in refused.json()["errors"]["message"]) == (422, True)
    settings.upload_limit = 5
    aha.http.post(f"/api/v1/notes/{note}/attachments", files=upload).raise_for_status()


def test_a_file_can_be_attached_by_address(aha: Aha) -> None:
    note = aha.feature()["description"]["id"]
    form = {"attachment[file_url]": "https://files.example.com/a.pdf", "attachment[content_type]": "application/pdf"}
    made = aha.http.post(f"/api/v1/notes/{note}/attachments", data=form).json()["attachment"]
    assert (made["file_name"], made["download_url"]) == ("a.pdf", "https://files.example.com/a.pdf")


def test_records_are_linked_and_the_answer_is_204(aha: Aha) -> None:
    other = aha.feature("FAB-2")["id"]
    body = {"record_link": {"record_type": "feature", "record_id": other, "link_type": 20}}
    aha.post("/features/FAB-1/record_links", body, 204)
    (link,) = aha.get("/features/FAB-1/record_links")["record_links"]
    assert (link["link_type"], link["child_record"]["reference_num"]) == ("Depends on", "FAB-2")
    assert aha.get("/features/FAB-2/record_links")["record_links"] == []
    assert len(aha.get("/features/FAB-2/record_links?parent_and_child_links=true")["record_links"]) == 1
    assert aha.feature()["feature_links"][0]["link_type_id"] == 20
    body["record_link"]["link_type"] = 21
    aha.post("/features/FAB-1/record_links", body, 422)
    aha.delete(f"/record_links/{link['id']}")


def test_integration_fields_are_written_replaced_and_found_again(aha: Aha) -> None:
    stem = f"/features/FAB-1/integrations/{aha.credentials['integration_id']}/fields"
    one = aha.post(stem, {"integration_field": {"name": "key", "value": "ROAD-1"}})["integration_field"]
    assert one["integratable"]["resource"].endswith("/features/FAB-1")
    again = aha.post(stem, {"integration_field": {"name": "key", "value": "ROAD-2"}})["integration_field"]
    assert (again["id"], again["value"]) == (one["id"], "ROAD-2")
    many = [{"name": "id", "value": 10014}, {"name": "url", "value": "https://jira.example.com/browse/ROAD-2"}]
    assert len(aha.post(stem, {"integration_fields": many})) == 2
    aha.account.settings.many_fields_answer = "object"
    assert list(aha.post(stem, {"integration_fields": many}).values()) == [None, None]
    shown = {field["name"]: field["value"] for field in aha.feature()["integration_fields"]}
    assert shown == {"key": "ROAD-2", "id": "10014", "url": "https://jira.example.com/browse/ROAD-2"}
    assert aha.get(f"{stem}/key")["integration_field"]["value"] == "ROAD-2"
    for path in ("/features", f"/integrations/{aha.credentials['integration_id']}"):
        (hit,) = aha.get(f"{path}/fields/key/value/ROAD-2")["records"]
        assert hit["feature"]["reference_num"] == "FAB-1"
    address = quote("https://jira.example.com/browse/ROAD-2", safe="")
    assert len(aha.get(f"/features/fields/url/value/{address}")["records"]) == 1
    assert aha.get("/features/fields/key/value/ROAD-1")["records"] == []
    assert aha.get("/epics/fields/key/value/ROAD-2")["records"] == []
    aha.delete(f"/integration_fields/{one['id']}")
    aha.get(f"{stem}/key", 404)


def test_every_kind_of_record_takes_integration_fields(aha: Aha) -> None:
    integration = aha.credentials["integration_id"]
    for path in ("/requirements/FAB-1-1", "/releases/FAB-R-1", "/epics/FAB-E-1", "/initiatives/FAB-S-1"):
        body = {"integration_field": {"name": "id", "value": path}}
        aha.post(f"{path}/integrations/{integration}/fields", body)
        record = next(iter(aha.get(path).values()))
        assert [field["value"] for field in record["integration_fields"]] == [path]


def test_an_unknown_integration_is_a_bad_request(aha: Aha) -> None:
    body = {"integration_field": {"name": "key", "value": "X-1"}}
    aha.post("/features/FAB-1/integrations/7400000000000000001/fields", body, 400)
    aha.post("/features/FAB-1/integrations/jira/fields", body)
    aha.post("/products", {"product": {"name": "Workshop", "prefix": "WRK"}})
    other = aha.post("/products/WRK/integrations", {"integration": {"service_name": "jira"}})["integration"]
    aha.post(f"/features/FAB-1/integrations/{other['id']}/fields", body, 400)
    aha.get(f"/products/FAB/integrations/{other['id']}", 404)


def test_integrations_are_created_and_switched_on(aha: Aha) -> None:
    made = aha.post("/products/FAB/integrations", {"integration": {"service_name": "audit_webhook"}})["integration"]
    assert (made["enabled"], made["owner"]["type"]) == (False, "Project")
    on = aha.put(f"/products/FAB/integrations/{made['id']}", {"integration": {"enabled": True}})["integration"]
    assert on["enabled"] is True
    names = [found["service_name"] for found in aha.get("/products/FAB/integrations")["integrations"]]
    assert names == ["jira", "audit_webhook"]
    assert aha.get("/products/FAB/integrations/jira")["integration"]["enabled"] is False
    change = {"integration_id": made["id"], "model_class": "Feature", "model_id": "FAB-1"}
    assert aha.post("/integration_changes", change) == {"status": "success"}


def test_what_another_system_tells_an_integration_is_taken_by_its_token(aha: Aha) -> None:
    jira = aha.get("/products/FAB/integrations/jira")["integration"]
    path = f"/webhooks/{jira['callback_token']}"
    aha.call("POST", path, {"webhookEvent": "jira:issue_updated"}, 410)
    aha.put("/products/FAB/integrations/jira", {"integration": {"enabled": True}})
    answer = aha.http.post(f"/api/v1{path}", content=b"{no json", headers={"Authorization": ""})
    assert (answer.status_code, answer.content) == (200, b"")
    aha.call("GET", path)
    aha.call("GET", "/webhooks/nonsense", code=410)
