"""Stand-in Jira Cloud and Jira Data Center: real HTTP, state in memory, the vendor's rules and words.

`build(flavour, seed, clock)` is all that others need. Shares no code with `crosswalk`.
"""

from crosswalk_sandbox.jira.app import build

__all__ = ["build"]
