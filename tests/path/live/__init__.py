"""A machine of people, servers and faults against the running sandboxes, and what has to hold when it comes to rest."""
