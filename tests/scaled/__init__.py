"""Real processes together: both sandboxes, web processes, workers, one database; some are cut off in the middle."""
