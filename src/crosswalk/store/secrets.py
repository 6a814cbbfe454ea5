"""Secrets at rest: keys, sealing, and a model field that never gives a secret away by accident.

Knows nothing of what a secret opens. A sealed text reads ``<key id>:<Fernet token>``; inside the token the secret
stands behind its place (table, column, row), so that a ciphertext copied into another row does not open there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import os
import secrets as randomness
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_save

from crosswalk.config import Config
from crosswalk.errors import Refused

MASK = "••••"
KEY_ID = 8
"""Characters of a key's id."""


class Secret:
    """A secret that shows itself only to `reveal()`: repr, str, format, pickle, copy and JSON get a mask or nothing."""

    __slots__ = ("_open", "_there")

    def __init__(self, text: str | Callable[[], str]) -> None:
        self._open = text if callable(text) else lambda: text
        self._there = text != ""

    def __bool__(self) -> bool:
        return self._there

    def reveal(self) -> str:
        """The text. Raises Refused when none of the keys opens it."""
        return self._open()

    def __repr__(self) -> str:
        return MASK

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled")


class Keyring:
    """The keys, newest first: the first seals, all open."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        if not keys:
            raise Refused("There is no key to keep secrets with.", remedy=_REMEDY_KEYS)
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise Refused("One of the keys for secrets is not a Fernet key.", remedy=_REMEDY_KEYS + _A_KEY) from None
        self._keys = keys

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.ids)})"

    @property
    def ids(self) -> tuple[str, ...]:
        """The id of each key, newest first: the first eight hex digits of its SHA-256. Safe to show."""
        return tuple(hashlib.sha256(key.encode()).hexdigest()[:KEY_ID] for key in self._keys)

    def seal(self, place: str, text: str) -> str:
        """`text` sealed for `place` with the newest key."""
        token = self._fernet.encrypt(f"{place}\0{text}".encode()).decode()
        return f"{self.ids[0]}:{token}"

    def open(self, place: str, sealed: str) -> str:
        """The text that was sealed for `place`. Raises Refused where no key opens it, or it belongs elsewhere."""
        key, _, token = sealed.partition(":")
        again = f"Enter the secret anew, or put the key {key} back. {_REMEDY_KEYS} Lost for good: {_FORGET}."
        try:
            found, _, text = self._fernet.decrypt(token.encode()).decode().partition("\0")
        except InvalidToken:
            raise Refused(f"{_called(place)} was kept with the key {key}, which is missing.", remedy=again) from None
        if found != place:
            raise Refused(f"{_called(place)} belongs to another place.", remedy="Enter the secret anew.")
        return text

    def derive(self, purpose: str) -> str:
        """A key for `purpose` (64 hex digits), the same as long as the newest key is the same."""
        return hmac.new(self._keys[0].encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _called(place: str) -> str:
    """A place (`store_connection.secret 2`) as people read it: The secret of connection 2."""
    table, _, rest = place.partition(".")
    field, _, number = rest.partition(" ")
    return f"The {field.replace('_', ' ')} of {table.removeprefix('store_')} {number}"


_FORGET = "crosswalk forget-secrets, then enter them anew"
_REMEDY_KEYS = "Keys stand in CROSSWALK_KEYS or in the file `keys` in CROSSWALK_HOME, newest first."
_A_KEY = " A key is 32 random bytes in URL-safe base64, 44 characters; docs/how-to/operate.md says how one is made."


def keyring(config: Config | None = None) -> Keyring:
    """The keys of `config` (default: Django's settings.CONFIG). Makes the key file, mode 0600, where there is none.

    The file is read each time: a key added while the service runs is used at once.
    Raises Refused for a key file that others may read.
    """
    config = config or settings.CONFIG
    return Keyring(config.keys or _read_file(config.keys_file))


def add_key(config: Config | None = None) -> str:
    """Put a new key first in the key file and return its id; `rotate_secrets` then moves every secret to it.

    Raises Refused where the keys come from the environment: then it has to be added there.
    """
    config = config or settings.CONFIG
    if config.keys:
        raise Refused("The keys stand in CROSSWALK_KEYS.", remedy="Put the new key first there, and keep the old ones.")
    # Of two at once the second would leave out the first's key, and with it all that was sealed meanwhile.
    with config.keys_file.with_name("keys.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        keys = (Fernet.generate_key().decode(), *_read_file(config.keys_file))
        _write_beside(config.keys_file, keys).replace(config.keys_file)
    return Keyring(keys).ids[0]


def _read_file(path: Path) -> tuple[str, ...]:
    try:
        return _keys_in(path)
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not text"
        raise Refused(f"The key file {path} can not be read: {said}.", remedy=_REMEDY_KEYS) from None


def _keys_in(path: Path) -> tuple[str, ...]:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = _write_beside(path, (Fernet.generate_key().decode(),))
        # A link fails where another process was first: then its key counts, and ours was never used.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(beside)
        beside.unlink()
    if path.stat().st_mode & 0o077:
        raise Refused(f"Others may read the key file {path}.", remedy=f"chmod 600 {path}")
    lines = (line.strip() for line in path.read_text(encoding="ascii").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _write_beside(path: Path, keys: tuple[str, ...]) -> Path:
    beside = path.with_name(f"{path.name}.{randomness.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("# Keys that secrets are kept with, newest first. Keep a copy apart from the database's.\n")
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return beside


class Sealed(str):
    """A sealed text, as the column holds it."""

    __slots__ = ()

    @property
    def key_id(self) -> str:
        """Which key sealed it."""
        return self.partition(":")[0]


if TYPE_CHECKING:
    _Text = models.TextField[Secret | str, Secret]
else:
    _Text = models.TextField


class SecretField(_Text):
    """A text column that holds only sealed text. The attribute gives a `Secret`; a str or a Secret may be assigned.

    Saving seals. A new row gets its secret in a second statement, because the seal names the row (so `bulk_create`
    leaves it empty). `update(secret=...)` and filters refuse plain text with TypeError. Serialisers get an empty
    string, forms a password input that is never filled in and keeps the old secret when left blank.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"default": "", **options, "blank": True})

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Django's hook: put the attribute on the model and seal after each insert."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Attribute(self))
        post_save.connect(self._after_insert, sender=cls, dispatch_uid=f"seal {cls.__name__}.{name}")

    def place(self, row: models.Model) -> str:
        """What the seal names: table, column and row."""
        return f"{row._meta.db_table}.{self.column} {row.pk}"

    def seal(self, row: models.Model) -> Sealed:
        """What the column of `row` holds: sealed with the newest key where a new secret was assigned."""
        held = row.__dict__.get(self.attname, "")
        if isinstance(held, Sealed):
            return held
        secret = held if isinstance(held, Secret) else Secret(held)
        sealed = Sealed(keyring().seal(self.place(row), secret.reveal()) if secret else "")
        row.__dict__[self.attname] = sealed
        return sealed

    def from_db_value(self, value: str, *_: object) -> Sealed:
        """Django's hook: what was read from the column."""
        return Sealed(value)

    def to_python(self, value: Any) -> Any:
        """Django's hook for validation: as it is (a text field would make the mask out of a Secret)."""
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed:
        """Django's hook: what to write."""
        return Sealed("") if add or model_instance.pk is None else self.seal(model_instance)

    def get_prep_value(self, value: object) -> Any:
        """Django's hook: only sealed text goes into a statement."""
        if isinstance(value, Sealed) or value == "":
            return str(value)
        raise TypeError("a secret is assigned to a row and saved; it is not written or looked for in bulk")

    def value_to_string(self, *_: object, **__: object) -> str:
        """Django's hook for serialisers: nothing."""
        return ""

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """Django's hook for forms: a blank input keeps what is there."""
        if data:
            setattr(instance, self.attname, data)

    def formfield(self, *_: object, **options: Any) -> Any:
        """Django's hook for forms: an input that is never filled in."""
        widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
        return super().formfield(**{"strip": True, **options, "widget": widget, "initial": ""})

    def _after_insert(self, instance: models.Model, created: bool, raw: bool = False, **_: object) -> None:
        if created and not raw:
            sealed = self.seal(instance)
            if sealed:
                type(instance)._base_manager.filter(pk=instance.pk).update(**{self.attname: sealed})


class _Attribute:
    """Gives a Secret that opens when it is revealed; keeps what was assigned until the row is saved."""

    def __init__(self, field: SecretField) -> None:
        self._field = field

    def __get__(self, row: models.Model | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        name, held = self._field.attname, row.__dict__.get(self._field.attname)
        if held is None:
            row.refresh_from_db(fields=[name])
            held = row.__dict__[name]
        if isinstance(held, Secret):
            return held
        place = self._field.place(row)
        return Secret((lambda: keyring().open(place, held)) if held else "")

    def __set__(self, row: models.Model, value: Secret | str) -> None:
        row.__dict__[self._field.attname] = value if isinstance(value, Sealed | Secret) else Secret(value)


def forget_secrets() -> list[str]:
    """Empty every secret that none of the keys opens; gives what it was of. Webhooks get new addresses."""
    found, keys = [], keyring()
    with transaction.atomic():
        for model in apps.get_models():
            for field in (field for field in model._meta.get_fields() if isinstance(field, SecretField)):
                for row in model._base_manager.exclude(**{field.attname: ""}).order_by("pk"):
                    try:
                        keys.open(field.place(row), row.__dict__[field.attname])
                    except Refused:
                        found.append(f"{field.help_text.partition(';')[0]}: {row}")
                        # An empty address would let in whoever knows nothing.
                        made_here = field.attname == "hook_secret"
                        setattr(row, field.attname, randomness.token_urlsafe(32) if made_here else "")
                        row.save(update_fields=[field.attname])
    return found


def rotate_secrets() -> int:
    """Seal every secret in the database anew with the newest key; returns how many.

    All or none: raises Refused, and changes nothing, where one can not be opened. Afterwards old keys may go.
    """
    count, keys = 0, keyring()
    with transaction.atomic():
        for model in apps.get_models():
            for field in (field for field in model._meta.get_fields() if isinstance(field, SecretField)):
                for row in model._base_manager.exclude(**{field.attname: ""}).select_for_update().order_by("pk"):
                    place = field.place(row)
                    sealed = keys.seal(place, keys.open(place, row.__dict__[field.attname]))
                    model._base_manager.filter(pk=row.pk).update(**{field.attname: Sealed(sealed)})
                    count += 1
    return count
