"""Changes of the tables over time, made by Django makemigrations; nothing is written here by hand."""
