"""Tests of the process map, as tables that a person can check by hand."""
