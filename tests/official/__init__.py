"""The vendors' own OpenAPI documents as judges of every exchange that a test makes with a sandbox."""
