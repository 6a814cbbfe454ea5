"""Tests of the stand-in servers, over real HTTP on loopback."""
