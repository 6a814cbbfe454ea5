"""Pages: one file a page, named like its template."""
