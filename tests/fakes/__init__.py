"""Real implementations of ports, kept in memory: quick enough for machines that take thousands of steps."""
