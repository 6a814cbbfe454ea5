"""Stand-in Aha! and Jira servers: real HTTP, real state, and every misbehaviour on request.

Shares no code with `crosswalk`: a stand-in that used the product's own parser would share its mistakes.
"""

__version__ = "0.1.0"
