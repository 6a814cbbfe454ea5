"""Figures beside their targets: `./run bench`. Never tests: machines are noisy, so quote counts and ratios."""
