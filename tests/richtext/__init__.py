"""Tests of crosswalk.richtext."""
