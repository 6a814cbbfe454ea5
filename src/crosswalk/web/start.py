"""Starts the service: keys, migrations, engine, pages and hooks in one process; stops all of it gracefully."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from types import FrameType

import django
import structlog
import uvicorn
from django.core.exceptions import ImproperlyConfigured

from crosswalk.config import Config
from crosswalk.errors import Refused
from crosswalk.store.database import prepare_home
from crosswalk.store.secrets import keyring
from crosswalk.web import logs
from crosswalk.web.listening import served

log = structlog.get_logger(__name__)

SWITCH = 0.001
"""Seconds after which a thread that works lets another on (https://docs.python.org/3/library/sys.html): what answers
hooks and pages waits that long for each of eight."""


def set_up(config: Config) -> None:
    """Home folder, keys and Django, in this order; the database is not touched. Raises Refused for a key problem.

    Django's settings read the environment, so `config` must come from there too.
    """
    prepare_home(config)
    keyring(config)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crosswalk.web.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        if not config.database.postgres:
            raise
        raise Refused(
            f"PostgreSQL can not be used: {error}.", remedy="Install Crosswalk with the extra “postgres”."
        ) from error
    from django.conf import settings

    if config != settings.CONFIG:
        raise Refused("The service was started with other settings than the environment's.")


def prepare(config: Config) -> None:
    """`set_up`, and the database's tables. Raises Refused for whatever keeps it from being used."""
    set_up(config)
    from crosswalk.store import opening

    opening.make_tables(config, datetime.now(UTC))


def serve(config: Config, host: str, port: int, *, kept: bool = True) -> None:
    """Serve until SIGINT or SIGTERM; then running requests and the engine's threads end, and it returns.

    On SQLite this process does the work too; on PostgreSQL processes of their own do (`work`). Where nothing is `kept`,
    it is not waited for long, and nobody reads how it fares: what went before on the console stays in sight.
    """
    patience = 10 if kept else 1
    logs.configure(debug=config.debug, as_json=config.log_json, quiet=not kept)
    prepare(config)
    # Models can be imported only now.
    from crosswalk.sync import handlers
    from crosswalk.sync.installation import current
    from crosswalk.sync.readiness import check_keys
    from crosswalk.web.asgi import application, door
    from crosswalk.web.probes import Probes

    check_keys()
    taken = listen(host, port)
    here, stop = current(), _Stop()
    # uvicorn raises the signal that stopped it once more when it has stopped; the engine still has to stop then.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if not config.database.postgres:
        sys.setswitchinterval(SWITCH)
        handlers.start(here)
    hooks, probes = door(here.engine), Probes(here.engine, here.now)
    try:
        if not config.database.postgres:
            # Commands without CROSSWALK_URL print this address, and register it; of several processes none is the one.
            with suppress(OSError):
                config.address_file.write_text(f"{config.url}\n", "utf-8")
        named = f"[{host}]" if ":" in host else host
        _say(config, f"http://{named}:{taken.getsockname()[1]}")
        server = uvicorn.Server(served(application(hooks, probes), patience))
        stop.ends(server)
        server.run(sockets=[taken])
    finally:
        hooks.close()
        probes.close()
        if not here.stop(patience) and kept:
            log.warning("work was still running; it goes on after the next start")
        taken.close()
    log.info("stopped")


def work(config: Config) -> bool:
    """Do the work until SIGINT or SIGTERM, beside any number of processes that do the same. Whether all came to rest.

    Raises Refused on SQLite, where `serve` does the work.
    """
    logs.configure(debug=config.debug, as_json=config.log_json)
    if not config.database.postgres:
        raise Refused(
            "A worker of its own needs PostgreSQL.",
            remedy="On SQLite `crosswalk serve` does the work. To have several, set CROSSWALK_DATABASE_URL.",
        )
    prepare(config)
    from crosswalk.sync import handlers
    from crosswalk.sync.installation import current
    from crosswalk.sync.readiness import check_keys

    check_keys()
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        _noticed(number, frame)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    here = current()
    handlers.start(here)
    log.info("Crosswalk is working", address=config.url)
    stopping.wait()
    at_rest = here.stop()
    if not at_rest:
        log.warning("work was still running; another worker takes it up")
    log.info("stopped")
    return at_rest


class _Stop:
    """What a signal does until uvicorn hears it by itself: a server that is about to serve ends as soon as it would."""

    def __init__(self) -> None:
        self._asked = False
        self._server: uvicorn.Server | None = None

    def ends(self, server: uvicorn.Server) -> None:
        """`server` is what a signal ends, also one that came before."""
        self._server = server
        server.should_exit = self._asked

    def __call__(self, number: int, frame: FrameType | None) -> None:
        _noticed(number, frame)
        self._asked = True
        if self._server is not None:
            self._server.should_exit = True


def _noticed(number: int, _: FrameType | None) -> None:
    log.info("stopping", signal=signal.Signals(number).name)


def listen(host: str, port: int) -> socket.socket:
    """The open door: bound before anything starts. Raises Refused for a port that can not be used."""
    try:
        six = socket.AF_INET6 if ":" in host else socket.AF_INET
        both = host == "::" and socket.has_dualstack_ipv6()  # "all addresses of this machine": also those of IPv4
        taken = socket.create_server((host, port), family=six, backlog=2048, reuse_port=False, dualstack_ipv6=both)
    except OSError as error:
        # A number below 0 says that no address has the name (socket.gaierror, which create_server makes an OSError of).
        if error.errno == errno.EADDRNOTAVAIL or (error.errno or 0) < 0:
            raise Refused(
                f"{host} is no address of this machine.",
                remedy="Write one that is as --host, such as 127.0.0.1, or 0.0.0.0 for all of them.",
            ) from None
        raise Refused(
            f"Port {port} of {host} can not be used: {error.strerror or error}.",
            remedy="Stop what listens there, or start with another --port.",
        ) from None
    # asyncio does this only for sockets that name their protocol, and create_server makes them without: an answer sent
    # in two pieces would wait 40 ms for the other end's delayed acknowledgement.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return taken


def _say(config: Config, address: str) -> None:
    """Where it is, and how to become its owner while nobody is."""
    from django.contrib.auth import get_user_model

    from crosswalk.web.keys import setup_code

    log.info("Crosswalk is ready", address=config.url, listens=address)
    if not get_user_model().objects.exists():
        code = setup_code(config)
        # Written past the redaction on purpose: this line is how the first person gets in.
        link = f"{config.url}/setup/?code={code}"
        os.write(2, f"\nSetup code: {code}\nOpen {link} and make the owner's account.\n\n".encode())
