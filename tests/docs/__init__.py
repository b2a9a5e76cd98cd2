"""Tests of the documentation: every example runs, and everything that there is is documented."""
