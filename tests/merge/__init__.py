"""The core, tested by tables, laws, an independent oracle and a machine that proves its reach."""
