"""What both connectors need to talk to a server: requests and answers as values, sending, budgets, allowed addresses.

Knows HTTP, and neither Aha! nor Jira.
"""
