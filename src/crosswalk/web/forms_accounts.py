"""The forms about people who sign in: an invitation, its acceptance, a new password. Stores nothing by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm, UsernameField
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator

from crosswalk.store.roles import Role
from crosswalk.store.tokens import SENDER
from crosswalk.web.forms import NEW

if TYPE_CHECKING:
    _SetPassword = SetPasswordForm[User]
else:  # Django's forms take no parameter at run time
    _SetPassword = SetPasswordForm

ROLES = [
    (Role.VIEWER, "Viewer: sees everything, changes nothing"),
    (Role.EDITOR, "Editor: integrations, mapping, send, retry, resolve"),
    (Role.OWNER, "Owner: everything, also connections and who may sign in"),
]


SENDING = (SENDER, "Sender: sends records from inside Aha! and sees how they are, nothing else")


class InviteForm(forms.Form):
    """Who is invited, as what."""

    name = UsernameField(
        label="Name",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="The person signs in with it; letters, digits and @ . + - _",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label="Role", choices=ROLES, initial=Role.VIEWER, widget=forms.RadioSelect)

    def clean_name(self) -> str:
        """A name nobody has, whatever its capitals: “Alice” beside “alice” would only mislead."""
        name = str(self.cleaned_data["name"])
        if get_user_model().objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("Somebody has this name already.")
        return name


class TokenForm(forms.Form):
    """An API token: what for, what it may do, how long it holds."""

    name = forms.CharField(
        label="What for",
        max_length=80,
        help_text="Such as “nightly report”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField()
    days = forms.ChoiceField(
        label="Ends", choices=[(30, "In 30 days"), (90, "In 90 days"), (365, "In a year")], initial=90
    )

    def __init__(self, role: Role, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: list[tuple[str, str]] = [(value, label) for value, label in ROLES if role.covers(value)]
        if role.covers(Role.EDITOR):
            choices.insert(0, SENDING)
        self.fields["role"] = forms.ChoiceField(
            label="May do",
            help_text="Never more than your own role.",
            choices=choices,
            initial=Role.VIEWER,
            widget=forms.RadioSelect,
        )


class NewPasswordForm(_SetPassword):
    """A password, twice."""

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(user, *args, **options)
        self.fields["new_password1"].label, self.fields["new_password1"].help_text = "Password", NEW
        self.fields["new_password2"].label, self.fields["new_password2"].help_text = "Password again", ""


class OwnPasswordForm(PasswordChangeForm):
    """The password there is, and the new one twice."""

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(user, *args, **options)
        self.fields["old_password"].label = "Password you have now"
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].label, self.fields["new_password1"].help_text = "New password", NEW
        self.fields["new_password2"].label, self.fields["new_password2"].help_text = "New password again", ""
