"""What is kept: Django models and migrations, secrets, the ledger. Keeps, and decides nothing."""
