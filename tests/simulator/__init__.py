"""The simulator: the whole of Crosswalk and both sandboxes in one thread, driven by a seed.

A seed draws a story (story.py): people edit, create, move, comment, attach and delete on both sides; workers work;
servers are ill, late or silent; hooks get lost, doubled and misordered; processes die in the middle, between any two
statements or requests; the store is locked, full, or yesterday's. A play (play.py) carries it out in a world (world.py)
whose network are function calls (wires.py) and whose clock nobody waits for. Then everything is left to come to rest,
and the laws (laws.py) are held against what the sandboxes themselves remember.

    ./run simulate --seeds 200            stories 1 to 200; those that fail are made short and kept in a file
    ./run simulate --seed 17 --trace      one story, with every request
    ./run simulate --story FILE           a story as it was kept, exactly
    ./run simulate --points 0             small stories, and a process that dies at every point of them (points.py);
                                          --again: twice; --postgres: with the store on a server (stores.py)
    ./run python -m tests.simulator.reach bugs planted in the product (bugs.py), and by which seed each is found

Real here: sandboxes, clients, sync, merge, ledger, engine (its loop is turned by hand) and SQLite, which is in memory.
Not here: threads, sockets, several machines, the engine for many; see tests/engine/test_kill.py and tests/path.
"""

from tests import django_setup

__all__ = ["django_setup"]
