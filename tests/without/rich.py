"""Stands before `rich` in processes that tests start: tools of tests bring it along, no installation has it.

structlog would load all of it for colours that nobody sees, an eighth of what the start of a process costs.
"""

raise ImportError("what is installed for tests alone is not there")
