"""Tests of the closed formulas: against figures worked by hand, laws, and one another."""
