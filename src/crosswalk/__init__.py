"""Crosswalk keeps Aha! and Jira in step, both ways, without losing or doubling anything."""

__version__ = "0.1.0"
