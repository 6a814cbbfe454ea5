"""`python -m crosswalk`: the command line."""

from __future__ import annotations

from crosswalk.cli import main

if __name__ == "__main__":
    main(prog_name="crosswalk")
