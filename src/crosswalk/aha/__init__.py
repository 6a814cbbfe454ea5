"""Aha!: requests, answers, fields, and one workspace as a side of an integration."""
