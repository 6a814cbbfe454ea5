"""A process that asks Jira the same again and again, over the connection `NUMBER`, in `THREADS` threads.

Ends when each of them was told that the connection is not signed in. Prints "ready", and waits for a line.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import django


def main(connection_id: int, threads: int) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connections

    from crosswalk.errors import NotSignedIn
    from crosswalk.remote.request import Request
    from crosswalk.store.models import Connection
    from crosswalk.sync.connect import Bridges

    bridges = Bridges(settings.CONFIG, lambda: datetime.now(UTC), time.sleep)
    client = bridges.client(Connection.objects.get(pk=connection_id))

    def ask(_: int) -> None:
        try:
            while True:
                client.send(Request("GET", "/rest/api/2/myself"))
        except NotSignedIn:
            pass
        finally:
            connections.close_all()

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(ask, range(threads)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
