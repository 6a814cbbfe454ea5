"""The JSON API: the verbs of the pages and the command line, for programs. `service.py` puts the parts together."""
