"""The forms of the pages: what a person may enter, checked field by field. Stores nothing by itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import User
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from crosswalk.errors import Refused
from crosswalk.remote.address import checked_base, pasted
from crosswalk.remote.tls import KEY, context
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection
from crosswalk.sync.ends import YEAR
from crosswalk.web.keys import setup_code

if TYPE_CHECKING:
    _UserForm = BaseUserCreationForm[User]
    _ConnectionForm = forms.ModelForm[Connection]
else:  # Django's forms take no parameter at run time
    _UserForm, _ConnectionForm = BaseUserCreationForm, forms.ModelForm


NEW = "At least 10 characters. A few words are good."
"""What is said beside every new password."""


class Renderer(TemplatesSetting):
    """Every field looks the same: label, help, input, and what is wrong with it right beside it."""

    field_template_name = "field.html"


class OwnerForm(_UserForm):
    """The first person. The setup code proves that they can read the service's console."""

    code = forms.CharField(
        label="Setup code",
        help_text="The service prints it on its console when it starts.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("code", "username", "password1", "password2")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label, help_text in (
            ("username", "Name", "You sign in with it; letters, digits and @ . + - _"),
            ("password1", "Password", NEW),
            ("password2", "Password again", ""),
        ):
            self.fields[name].label, self.fields[name].help_text = label, help_text

    def clean_code(self) -> str:
        """The code, or a word about where to find it."""
        code = str(self.cleaned_data["code"]).strip().lower()
        if not constant_time_compare(code, setup_code(settings.CONFIG)):
            raise forms.ValidationError("That is not the setup code. Look for “Setup code” on the service's console.")
        return code

    @property
    def proven(self) -> bool:
        """Whether the code came with the link and is right: then there is nothing to type, and nothing to show."""
        return not self.is_bound and constant_time_compare(
            str(self.initial.get("code", "")), setup_code(settings.CONFIG)
        )


KEY_OF_AHA = (
    "Made in Aha! under Settings > Personal > Developer > API key "
    '(<a href="https://www.aha.io/api" rel="noreferrer">Aha! about its API</a>).'
)
USER_OF_JIRA = "Cloud: your e-mail address. Data Center: the user name; empty with a token."
MADE_AT = (
    'Cloud: an API token from <a href="https://id.atlassian.com/manage-profile/security/api-tokens" '
    'rel="noreferrer">id.atlassian.com</a>. Data Center: a personal access token, or a password.'
)
ADDRESS_OF_JIRA = "Such as https://example.atlassian.net or https://example.com/jira."
ENDS = "Crosswalk warns 30 days before. Left empty: on Cloud a year from now, on Data Center when Jira says it ends."
HIDDEN = {"certificate": "the client certificate", "proxy_login": "the proxy's name and password"}
"""Secrets besides the main one."""
SAID = {"secret": "secret", "certificate": "client certificate", "proxy_login": "proxy sign-in"}
"""What the account of acts calls each secret."""


class ConnectionForm(_ConnectionForm):
    """An account on one side. The secret is never shown: left empty, the stored one is kept."""

    secret = forms.CharField(
        required=False,
        strip=True,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )

    certificate = forms.CharField(
        label="Client certificate and its key",
        required=False,
        help_text="PEM text of both, the key without a password; for servers that ask for one.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    proxy_login = forms.CharField(
        label="Name and password for the proxy",
        required=False,
        strip=True,
        help_text="Written as name:password, if it asks for them.",
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )
    forget = forms.MultipleChoiceField(
        label="Forget what is stored",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    new_secrets: tuple[str, ...] = ()
    """After save: what was entered anew, in words of SAID."""

    class Meta:
        """Which fields, and how they are called on the page."""

        model = Connection
        fields: ClassVar = ["name", "address", "user", "secret", "ends_on", "authority", "proxy"]
        widgets: ClassVar = {
            "address": forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
            "user": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "proxy": forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
            "ends_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "authority": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        }
        help_texts: ClassVar = {"name": "What you call it here.", "address": ""}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["name", "address", "user", "secret", "ends_on", *self.on_premise])
        if self.instance.kind == Connection.Kind.AHA:
            del self.fields["user"], self.fields["ends_on"]  # an API key of Aha! does not end
            self._say("address", "Address", "Your Aha! account's, such as https://example.aha.io")
            self._say("secret", "API key", KEY_OF_AHA)
        else:
            self._say("address", "Server URL", ADDRESS_OF_JIRA)
            self._say("user", "Username", USER_OF_JIRA)
            self._say("secret", "Password or token", MADE_AT)
            self._say("ends_on", "The token ends on", ENDS)
        self.initial["version"] = version_of(self.instance)
        self._say("authority", "Certificate of a private authority", "PEM text; only for a server with its own.")
        self._say("proxy", "Proxy", "Such as http://proxy.example.com:3128; empty: Crosswalk connects by itself.")
        self._say_what_is_stored()
        if self.instance.pk and Grant.objects.filter(connection=self.instance).exists():
            for name in ("address", "user", "secret", "ends_on"):  # what signs in, and where, comes by consent
                self.fields.pop(name, None)
        elif self.instance.pk:
            self.fields["secret"].help_text = "Stored, and never shown. Leave it empty to keep it."
        else:
            self.fields["secret"].required = True

    on_premise = ("authority", "certificate", "proxy", "proxy_login", "forget")
    """Fields that only servers behind a firewall need; the page keeps them together."""

    @property
    def on_premise_used(self) -> bool:
        """Whether one of them holds something, or is wrong."""
        held = any(getattr(self.instance, name) for name in self.on_premise[:-1])
        return held or any(name in self.errors for name in self.on_premise)

    def _say_what_is_stored(self) -> None:
        stored = [(name, label) for name, label in HIDDEN.items() if getattr(self.instance, name)]
        for name, _ in stored:
            keep = "Leave it empty to keep it; with another host it is forgotten."
            self.fields[name].help_text = f"Stored, and never shown. {keep}"
        if not stored:
            del self.fields["forget"]
        elif isinstance(forget := self.fields["forget"], forms.MultipleChoiceField):
            forget.choices = stored

    def _say(self, name: str, label: str, help_text: str) -> None:
        self.fields[name].label, self.fields[name].help_text = label, help_text

    def clean_address(self) -> str:
        """The address in its one form."""
        try:
            return checked_base(pasted(self.cleaned_data["address"], aha=self.instance.kind == Connection.Kind.AHA))
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None

    def clean_authority(self) -> str:
        """PEM text or nothing."""
        text = str(self.cleaned_data["authority"]).strip()
        if text and "-----BEGIN CERTIFICATE-----" not in text:
            raise forms.ValidationError("This is not a certificate in PEM form: it has no “BEGIN CERTIFICATE” line.")
        return text

    def clean_certificate(self) -> str:
        """PEM text of a certificate and its key that belong together, or nothing."""
        text = str(self.cleaned_data["certificate"]).strip()
        if not text:
            return ""
        if "-----BEGIN CERTIFICATE-----" not in text or KEY not in text:
            raise forms.ValidationError("Paste both: the certificate and its private key, each in PEM form.")
        return self._usable(text)

    def _usable(self, text: str) -> str:
        try:
            context("", text)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        return text

    def clean_proxy(self) -> str:
        """The proxy's address in its one form; name and password have a field of their own."""
        text = str(self.cleaned_data["proxy"]).strip()
        if "@" in text:
            raise forms.ValidationError("Enter name and password below; what stands here is shown to others.")
        try:
            return checked_base(text) if text else ""
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None

    def clean_proxy_login(self) -> str:
        """A name and a password, or nothing."""
        text = str(self.cleaned_data["proxy_login"])
        if text and ":" not in text:
            raise forms.ValidationError("Write it as name:password.")
        return text

    def clean_ends_on(self) -> date | None:
        """A day to come, unless it is the stored one; with a new secret and the old day, a year from today."""
        day: date | None = self.cleaned_data["ends_on"]
        stored, today = self.instance.ends_on if self.instance.pk else None, timezone.now().date()
        if day is not None and day == stored and self.cleaned_data.get("secret"):
            return today + YEAR
        if day is not None and day != stored and day < today:
            raise forms.ValidationError("That day has passed.")
        return day

    def clean(self) -> dict[str, Any]:
        """A stored secret goes only to the host it was entered for; nobody saves over what they have not seen."""
        cleaned = super().clean() or self.cleaned_data
        self._refuse_stale(cleaned)
        moved = self._elsewhere(cleaned, "address")
        for name, gone in (("certificate", moved), ("proxy_login", self._elsewhere(cleaned, "proxy"))):
            if gone and getattr(self.instance, name) and not cleaned.get(name):
                cleaned["forget"] = [*cleaned.get("forget", []), name]
        if moved and not cleaned.get("secret"):
            self.add_error("secret", "The address is another server now. Enter the secret for it.")
        cloud = (urlsplit(cleaned.get("address") or "").hostname or "").endswith(".atlassian.net")
        if cloud and "user" in self.fields and cleaned.get("secret") and not cleaned.get("user"):
            self.add_error("user", "Jira Cloud takes an API token with its owner's e-mail address. Enter that here.")
        return cleaned

    def _refuse_stale(self, cleaned: dict[str, Any]) -> None:
        """Say beside each field what somebody else made of it since this form was opened."""
        stored = Connection.objects.filter(pk=self.instance.pk).first()
        if stored is None or cleaned.get("version") == version_of(stored):
            return
        self.add_error(None, "Somebody saved this connection after you opened it. Compare, then save again.")
        for name in ("name", "address", "user", "authority", "proxy"):
            held = getattr(stored, name)
            if name in self.fields and name in cleaned and cleaned[name] != held:
                shown = f"“{held}”" if held and len(held) < 200 else "something else" if held else "empty"
                self.add_error(name, f"It is {shown} now.")
        # The next save is made knowingly.
        held_by_form = {name: self.data.get(name, "") for name in self.data}
        self.data = {**held_by_form, "version": version_of(stored)}

    def _still_known(self) -> dict[str, Any]:
        """Which server stands at an address that stayed: what runs before the next test needs to know that much."""
        stored = Connection.objects.filter(pk=self.instance.pk).first()
        if stored is None or stored.address != self.instance.address:
            return {}
        return {name: stored.server[name] for name in ("flavour", "site") if name in stored.server}

    def _elsewhere(self, cleaned: dict[str, Any], field: str) -> bool:
        """Whether the address in `field` leads to another host than the stored one."""
        if not self.instance.pk or field not in cleaned:
            return False
        stored: str = Connection.objects.values_list(field, flat=True).get(pk=self.instance.pk)
        return _host(cleaned[field]) != _host(stored)

    def save(self, commit: bool = True) -> Connection:
        """The connection; what a check found before belongs to the old settings and is forgotten."""
        self.new_secrets = tuple(said for name, said in SAID.items() if self.cleaned_data.get(name))
        secret = self.cleaned_data.pop("secret", "")
        connection = super().save(commit=False)
        if secret:
            connection.secret = secret
        for name in HIDDEN:
            if entered := self.cleaned_data.get(name):
                setattr(connection, name, entered)
            elif name in self.cleaned_data.get("forget", []):
                setattr(connection, name, "")
        connection.server, connection.checked_at, connection.paused = self._still_known(), None, ""
        if commit:
            connection.save()
        return connection


def version_of(connection: Connection) -> str:
    """What a form carries to show which state of the connection it was made from."""
    return connection.updated_at.isoformat() if connection.pk else ""


def _host(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port
