"""The demo: both sandboxes and Crosswalk, connected. The one place that starts product and stand-ins together."""
