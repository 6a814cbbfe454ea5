"""Jira Cloud, Data Center and Server: requests, answers, fields, and one side of an integration."""
