"""The simulator against closed formulas and laws of queues."""
