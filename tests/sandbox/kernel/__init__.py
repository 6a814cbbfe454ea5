"""Tests of the sandbox kernel."""
