"""The forms of sign-ins by OAuth 2.0: the person's own app, and where it is used. Stores nothing by itself."""

from __future__ import annotations

from typing import Any

from django import forms

from crosswalk.errors import Refused
from crosswalk.remote.address import checked_base, pasted
from crosswalk.store.models import Connection

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def _visible(text: str) -> str:
    """A client id or secret is visible ASCII (RFC 6749, A.1 and A.2), here without spaces."""
    text = text.strip()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise forms.ValidationError("It holds a space, a line break or a letter that none has. Copy it once more.")
    return text


class AppForm(forms.Form):
    """Client id and secret of an app. The secret is never shown: left empty, the stored one is kept."""

    client_id = forms.CharField(label="Client ID", max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    client_secret = forms.CharField(
        label="Secret",
        required=False,
        max_length=1000,
        help_text="Stored, and never shown. Leave it empty to keep it.",
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )

    def clean_client_id(self) -> str:
        """Visible letters."""
        return _visible(self.cleaned_data["client_id"])

    def clean_client_secret(self) -> str:
        """Visible letters."""
        return _visible(self.cleaned_data["client_secret"])


class GrantForm(AppForm):
    """A new connection by OAuth 2.0; for Aha! with the account's address."""

    name = forms.CharField(label="Name", max_length=200, help_text="What you call it here.")
    address = forms.CharField(
        label="Address",
        max_length=500,
        help_text="Your Aha! account as in the browser, such as https://example.aha.io",
        widget=forms.TextInput(attrs={"inputmode": "url", **_PLAIN}),
    )
    field_order = ("name", "address", "client_id", "client_secret")

    def __init__(self, kind: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["client_secret"].required, self.fields["client_secret"].help_text = True, ""
        if kind != Connection.Kind.AHA:
            del self.fields["address"]

    def clean_name(self) -> str:
        """A name is used once."""
        name = str(self.cleaned_data["name"]).strip()
        if Connection.objects.filter(name=name).exists():
            raise forms.ValidationError("A connection with this name already exists.")
        return name

    def clean_address(self) -> str:
        """The address in its one form."""
        try:
            return checked_base(pasted(self.cleaned_data["address"], aha=True))
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None

    def fill(self, connection: Connection) -> Connection:
        """The connection with what was entered."""
        connection.name = self.cleaned_data["name"]
        connection.address = self.cleaned_data.get("address") or connection.address
        return connection
