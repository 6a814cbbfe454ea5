"""The Aha! connector."""
