"""Tests of the stand-in Aha!."""
