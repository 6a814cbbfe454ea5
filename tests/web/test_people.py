"""The page of people: who is missing, a file in and out, bad input beside a clear word."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.fixtures_store import make_integration

HEAD = "aha_id,aha_name,aha_email,jira_id,jira_name\n"


def upload(client: Any, integration: Any, text: bytes) -> str:
    file = SimpleUploadedFile("people.csv", text)
    answer = client.post(f"/integrations/{integration.pk}/people/upload/", {"table": file}, follow=True)
    return str(answer.content.decode())


def test_an_empty_page_says_the_next_step(client: Any, integration: Any) -> None:
    page = client.get(f"/integrations/{integration.pk}/people/").content.decode()
    assert "Nobody is missing" in page


def test_a_table_goes_in_and_out(client: Any, integration: Any) -> None:
    page = upload(client, integration, f"{HEAD}1,<b>Ann</b>,ann@x.example,j1,Ann J\n".encode())
    assert "The table has 1 line now." in page
    assert "&lt;b&gt;Ann" in page
    answer = client.get(f"/integrations/{integration.pk}/people/people.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "Ann J" in answer.content.decode()


def test_files_that_can_not_be_used(client: Any, integration: Any) -> None:
    table = [
        (b"", "No file"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x,y\n", "first line"),
        (b"x" * 4_000_001, "larger than 4 MB"),
    ]
    for text, words in table:
        page = upload(client, integration, text)
        assert words in page, text


def test_a_line_that_is_not_there_or_of_another_integration_is_not_found(client: Any, integration: Any) -> None:
    from crosswalk.store.models import Acquaintance

    other = make_integration("Trains")
    line = Acquaintance.objects.create(integration=other, side="left", person_id="7", name="Ann")
    for row in (999, line.pk):
        answer = client.post(f"/integrations/{integration.pk}/people/{row}/", {"other": "x"}, follow=True)
        assert "or the person was found. Nothing was changed." in answer.content.decode()
    assert Acquaintance.objects.get() == line
