"""Tests of the drawing of the map, its tables and its page."""
