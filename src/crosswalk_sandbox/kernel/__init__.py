"""What every sandbox stands on: clock, server, limits, faults, hook courier, pages. Knows neither Aha! nor Jira."""
