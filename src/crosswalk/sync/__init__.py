"""The story, told once: what is read, decided and written, and when. Start reading at pair.py."""
