"""Who does the work that is due, and when: the port (port.py) and the embedded engine (embedded.py)."""
