"""Tests of sending requests."""
