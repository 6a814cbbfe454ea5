"""The matrix: every row of what is carried x create, change, clear, delete x from either side x every direction."""
