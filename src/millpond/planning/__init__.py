"""Least capacity, plans for bad days and what they are worth to whom, and dependence on single people."""
