"""Settings and secrets enter here, and nowhere else: environment in, one frozen value out.

Only the address may come from the home folder, where `serve` on SQLite leaves its own for the commands.

| variable | meaning | default |
|---|---|---|
| CROSSWALK_HOME | folder for the database, the keys and the logs | ~/.local/share/crosswalk |
| CROSSWALK_DATABASE_URL | postgresql://user:password@host/name; empty means SQLite in the home folder | |
| CROSSWALK_KEYS | secret keys, newest first, comma-separated (Fernet keys); else the file `keys` in the home folder | |
| CROSSWALK_URL | the address people and webhooks reach this service at | the one `serve` has |
| CROSSWALK_ALLOW_PRIVATE | which private addresses may be connected to: networks by commas, yes (all), or no | no |
| CROSSWALK_POLL_SECONDS | how often each side is asked what changed | 20 |
| CROSSWALK_CONNECT_APP | key of the Connect app, another where two Crosswalks serve one Jira site | crosswalk-sync |
| CROSSWALK_CONNECT_KEYS | where Atlassian publishes the keys that sign installations of that app | see KEY_HOST |
| CROSSWALK_ATLASSIAN_AUTH | where people let an OAuth app in, and its tokens come from | see CONSENT_HOST |
| CROSSWALK_ATLASSIAN_API | the gateway that an OAuth app reaches Jira Cloud through | see GATEWAY |
| CROSSWALK_PROXIES | how many proxies of yours stand in front; the visitor's address is then the forwarded one | 0 |
| CROSSWALK_OIDC_ISSUER | the OpenID Connect provider people may sign in with; empty: passwords only | |
| CROSSWALK_OIDC_CLIENT, CROSSWALK_OIDC_SECRET | what the provider calls this service, and its secret | |
| CROSSWALK_OIDC_ROLES | values of the claim and the role each gives: "cw-owners=owner, dev=editor, *=viewer" | |
| CROSSWALK_OIDC_CLAIM | the claim that holds the values | groups |
| CROSSWALK_OIDC_NAME | what the button calls the provider | OpenID Connect |
| CROSSWALK_LOG | "json" logs a JSON object a line | text |
| CROSSWALK_BACKUP | "no": tables of a new version are made without a back-up before | yes |
| CROSSWALK_KEEP_HOOKS | days that hooks are kept after they were looked at | 30 |
| CROSSWALK_KEEP_REQUESTS, CROSSWALK_KEEP_EXCHANGES | days of the request log: reads; what wrote or failed | 2, 30 |
| CROSSWALK_KEEP_JOURNAL | days that lines of the journal are kept; 0: for ever | 730 |
| CROSSWALK_DEBUG | "yes" shows tracebacks on pages; never outside development | no |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_interface
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from crosswalk import config_words
from crosswalk.errors import Refused

KEY_HOST = "https://connect-install-keys.atlassian.com"
"""https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/"""
CONNECT_APP = "crosswalk-sync"
CONSENT_HOST, GATEWAY = "https://auth.atlassian.com", "https://api.atlassian.com"
"""https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/"""
ENCRYPTION = ("sslmode", "sslrootcert", "sslcert", "sslkey")
"""What an address of PostgreSQL may say behind its question mark.
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS"""
_SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""What this machine calls itself: nobody else answers or listens there."""
PORT = 8400
"""Where the service listens, and is reached, when nobody says otherwise."""
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f.]*:[0-9a-f:.]+")
"""What a server may be called here. Django takes "*" and a dot in front for many names, and no other one at all."""
Private: TypeAlias = bool | tuple[IPv4Network | IPv6Network, ...]
"""Which private addresses may be connected to: all of them, none, or those in some networks."""
FILE = "crosswalk.sqlite3"
_ADDRESS = "address"
_OURS = "CROSSWALK_"
_NAMES = tuple(dict.fromkeys(re.findall(rf"\b{_OURS}([A-Z_]+)", __doc__ or "")))
"""The settings there are, by the table above."""
_ALIKE = 0.85
"""From here on two names are one with a typing error (difflib's ratio, without what both begin with)."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the store keeps its data: SQLite at `path`, or PostgreSQL where `host` is set."""

    path: Path
    host: str = ""
    port: int = 5432
    name: str = ""
    user: str = ""
    password: str = ""
    encryption: tuple[tuple[str, str], ...] = ()
    """How the way there is protected: names of ENCRYPTION and their values."""

    @property
    def postgres(self) -> bool:
        """Whether this is PostgreSQL."""
        return bool(self.host)


@dataclass(frozen=True, slots=True)
class Oidc:
    """An OpenID Connect provider, and which value of the claim gives which role; "*" stands for everybody there."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    roles: tuple[tuple[str, str], ...]
    claim: str = "groups"
    name: str = "OpenID Connect"


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days what is kept: hooks that were looked at, the reads of the request log, its writes and failures,
    the journal (0: for ever)."""

    hooks: float = 30
    requests: float = 2
    exchanges: float = 30
    journal: float = 730


USUAL = Keep()


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between one installation and another."""

    home: Path
    database: Database
    keys: tuple[str, ...]
    url: str
    allow_private: Private
    poll_seconds: float
    proxies: int
    debug: bool
    connect_app: str = CONNECT_APP
    connect_keys: str = KEY_HOST
    atlassian_auth: str = CONSENT_HOST
    atlassian_api: str = GATEWAY
    oidc: Oidc | None = None
    log_json: bool = False
    backup: bool = True
    keep: Keep = USUAL

    @property
    def backups(self) -> Path:
        """Where back-ups lie that nobody gave another place."""
        return self.home / "backups"

    @property
    def keys_file(self) -> Path:
        """Where the secret keys lie when the environment names none."""
        return self.home / "keys"

    @property
    def address_file(self) -> Path:
        """Where `serve` on SQLite leaves its address."""
        return self.home / _ADDRESS


def read(environment: Mapping[str, str]) -> Config:
    """The settings found in `environment`. Raises Refused, naming the variable, for a value that can not be meant."""
    _refuse_typing_errors(environment)
    home = _home(environment.get("CROSSWALK_HOME", ""))
    return Config(
        home=home,
        database=database_at(environment.get("CROSSWALK_DATABASE_URL", ""), home),
        keys=tuple(key.strip() for key in environment.get("CROSSWALK_KEYS", "").split(",") if key.strip()),
        url=_url(environment.get("CROSSWALK_URL", "").strip() or _served(home)),
        allow_private=_private(environment.get("CROSSWALK_ALLOW_PRIVATE", "")),
        poll_seconds=config_words.seconds(environment, "CROSSWALK_POLL_SECONDS", default=20),
        proxies=config_words.count(environment, "CROSSWALK_PROXIES"),
        debug=config_words.yes(environment, "CROSSWALK_DEBUG", default=False),
        connect_app=_connect_app(environment.get("CROSSWALK_CONNECT_APP", "").strip() or CONNECT_APP),
        connect_keys=_host(environment, "CROSSWALK_CONNECT_KEYS", KEY_HOST),
        atlassian_auth=_host(environment, "CROSSWALK_ATLASSIAN_AUTH", CONSENT_HOST),
        atlassian_api=_host(environment, "CROSSWALK_ATLASSIAN_API", GATEWAY),
        oidc=_oidc(environment),
        log_json=config_words.choice(environment, "CROSSWALK_LOG", ("text", "json")) == "json",
        backup=config_words.yes(environment, "CROSSWALK_BACKUP", default=True),
        keep=_keep(environment),
    )


def _home(given: str) -> Path:
    try:
        return Path(given or Path.home() / ".local/share/crosswalk")
    except RuntimeError:  # a number without a name, as a container may run as
        raise Refused(
            "There is no place to keep anything: this user has no home folder.",
            remedy="Set CROSSWALK_HOME to a folder that is kept.",
        ) from None


def _refuse_typing_errors(environment: Mapping[str, str]) -> None:
    """Raises Refused for a setting that is called almost like one of ours: it would be passed over without a word.

    Others are left alone: where a service is called crosswalk, containers are given its port, and more, by its name.
    """
    for name in sorted(environment):
        rest = name.removeprefix(_OURS)
        if rest == name or rest in _NAMES:
            continue
        if close := get_close_matches(rest, _NAMES, n=1, cutoff=_ALIKE):
            raise Refused(f"There is no setting {name}.", remedy=f"Write {_OURS}{close[0]}, if that is meant.")


def address_at(port: int) -> str:
    """Where people of this machine reach what listens on `port`."""
    return f"http://127.0.0.1:{port}"


def _served(home: Path) -> str:
    """Where the service of this home was reached when it started last; commands would register another webhook."""
    try:
        return (home / _ADDRESS).read_text("utf-8").strip() or address_at(PORT)
    except OSError:  # it was never started, or by somebody else who keeps it to themselves
        return address_at(PORT)


def door(environment: Mapping[str, str], asked: int | None) -> tuple[str, int]:
    """The address to be reached at, and the port to listen on: what is said of one goes for the other.

    `asked` is the port that a person named. One in CROSSWALK_URL counts where no proxy can be meant: plain http, to
    this machine.
    """
    url = environment.get("CROSSWALK_URL", "").strip()
    if not url:
        return address_at(asked or PORT), PORT if asked is None else asked
    parts = _parts(url)
    own = parts.port if parts.scheme == "http" and parts.hostname in LOOPBACK else None
    return url, (own or PORT) if asked is None else asked


def _oidc(environment: Mapping[str, str]) -> Oidc | None:
    """The provider, or None where none is named. Half a provider is refused: it would fail at somebody's sign-in."""
    given = {name: environment.get(f"CROSSWALK_OIDC_{name}", "").strip() for name in ("ISSUER", "CLIENT", "SECRET")}
    if not any(given.values()):
        return None
    for name, text in given.items():
        if not text:
            raise Refused(f"CROSSWALK_OIDC_{name} is missing.", remedy="Write it, or leave out all of CROSSWALK_OIDC_.")
    if not _is_safe(given["ISSUER"]):
        raise Refused("CROSSWALK_OIDC_ISSUER is not an https address.", remedy="Write it as the provider does.")
    roles = []
    for part in filter(None, (part.strip() for part in environment.get("CROSSWALK_OIDC_ROLES", "").split(","))):
        value, _, role = (text.strip() for text in part.rpartition("="))
        if not value or role not in ("owner", "editor", "viewer"):
            raise Refused(
                f"CROSSWALK_OIDC_ROLES: “{part}” names no role.",
                remedy="Write value=owner, value=editor or value=viewer.",
            )
        roles.append((value, role))
    if not roles:
        raise Refused("CROSSWALK_OIDC_ROLES is missing.", remedy="Write who may do what, such as *=viewer.")
    return Oidc(
        given["ISSUER"],
        given["CLIENT"],
        given["SECRET"],
        tuple(roles),
        claim=environment.get("CROSSWALK_OIDC_CLAIM", "").strip() or "groups",
        name=environment.get("CROSSWALK_OIDC_NAME", "").strip() or "OpenID Connect",
    )


def _parts(address: str) -> SplitResult:
    """What an address is made of; of nothing, where it has a port or a bracket that no address has."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _url(address: str) -> str:
    """The service's own address: it stands in every link, and in the webhooks that are registered."""
    parts = _parts(address)
    good = parts.scheme in ("http", "https") and _NAME.fullmatch(parts.hostname or "") and "@" not in parts.netloc
    if not good or parts.query or parts.fragment or " " in address:
        raise Refused(
            "CROSSWALK_URL is not a web address.",
            remedy="Write the address that people open in the browser, such as https://crosswalk.example.com",
        )
    return address.rstrip("/")


def _is_safe(address: str) -> bool:
    """Whether nobody on the way can answer in place of `address`: https, or this machine itself."""
    parts = _parts(address)
    near = parts.hostname in LOOPBACK
    good = bool(parts.hostname) and not parts.query and not parts.fragment
    return good and parts.scheme in (("https", "http") if near else ("https",))


def _connect_app(key: str) -> str:
    # https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", key):
        raise Refused(
            "CROSSWALK_CONNECT_APP is not the key of an app.",
            remedy="Write at most 64 letters, digits, dots, dashes or underscores, or leave it empty.",
        )
    return key


def _host(environment: Mapping[str, str], name: str, default: str) -> str:
    """An address of Atlassian's, or what stands in for it. Whoever answers there is believed or is sent secrets, so
    the way there must not be open to others."""
    address = environment.get(name, "").strip().rstrip("/") or default
    if not _is_safe(address):
        raise Refused(
            f"{name} is not an https address.",
            remedy=f"Leave it empty for Atlassian's own ({default}), or write one that begins with https://.",
        )
    return address


def database_at(url: str, home: Path) -> Database:
    """The database at `url`; SQLite in `home` where that is empty. Raises Refused for what is no such address."""
    path = home / FILE
    if not url:
        return Database(path)
    parts = _parts(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise Refused(
            "CROSSWALK_DATABASE_URL is not an address of a PostgreSQL database.",
            remedy="Write it as postgresql://user:password@host:5432/name, or leave it empty for SQLite.",
        )
    if parts.fragment or "@" in f"{parts.path}{parts.query}":  # nothing of it is repeated: it may be of the password
        raise Refused(
            "CROSSWALK_DATABASE_URL holds a sign that means something else there.",
            remedy="Write / as %2F, ? as %3F, # as %23 and @ as %40 in its user, password and name.",
        )
    return Database(
        path,
        host=_server(parts) or "localhost",
        port=parts.port or 5432,
        name=unquote(parts.path.strip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encryption=_encryption(parts.query),
    )


def _server(parts: SplitResult) -> str:
    """The server's name; or the folder of its socket on this machine, written as %2Frun%2Fpostgresql."""
    host = parts.netloc.rpartition("@")[2].partition(":")[0]
    return unquote(host) if "%" in host else parts.hostname or ""


def _encryption(query: str) -> tuple[tuple[str, str], ...]:
    """What stands behind the question mark. Anything unknown is refused: a misspelt sslmode would protect nothing."""
    said = parse_qsl(query, keep_blank_values=True)
    names = [name for name, _ in said]
    for name, value in said:
        if (
            name not in ENCRYPTION
            or names.count(name) > 1
            or not value
            or (name == "sslmode" and value not in _SSLMODES)
        ):
            raise Refused(
                f"CROSSWALK_DATABASE_URL says {name}={value}, which is not understood.",
                remedy=f"Behind the question mark only {', '.join(ENCRYPTION)} may stand, each once; sslmode is one of "
                f"{', '.join(_SSLMODES)}.",
            )
    return tuple(said)


def _private(text: str) -> Private:
    """Networks, or yes or no; what is neither is refused."""
    name = "CROSSWALK_ALLOW_PRIVATE"
    if config_words.is_yes_or_no(text):
        return config_words.yes({name: text}, name, default=False)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    remedy = "Write addresses or networks, such as 10.20.0.0/16, 192.168.7.12; yes for all private ones, no for none."
    if not parts:
        raise Refused(f"{name} is {text!r}, which names no network.", remedy=remedy)
    found = []
    for part in parts:
        try:
            within = ip_interface(part)
        except ValueError:
            raise Refused(f"{name} is {text!r}: “{part}” is neither address nor network.", remedy=remedy) from None
        if within.ip != within.network.network_address:
            raise Refused(f"{name}: {part} begins in the middle of a network.", remedy=f"Write {within.network}.")
        found.append(within.network)
    return tuple(found)


def _keep(environment: Mapping[str, str]) -> Keep:
    found = {}
    # Less than an hour would take the longest limit's window away; a value that was replaced is worth a week.
    for name, least in (("hooks", 1.0), ("requests", 0.05), ("exchanges", 1.0), ("journal", 7.0)):
        variable = f"CROSSWALK_KEEP_{name.upper()}"
        text = environment.get(variable, "").strip() or str(getattr(USUAL, name))
        try:
            days = float(text)
        except ValueError:
            days = -1
        for_ever = name == "journal" and days == 0
        if not for_ever and not least <= days <= 36500:
            more = ", or 0 to keep it for ever" if name == "journal" else ""
            raise Refused(f"{variable} is {text!r}.", remedy=f"Write a number of days from {least:g} to 36500{more}.")
        found[name] = days
    return Keep(**found)
