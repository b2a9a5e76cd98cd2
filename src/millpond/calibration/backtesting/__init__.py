"""Holds simulations of the later part of history against what came."""
