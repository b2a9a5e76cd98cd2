"""Learns from records a model that the simulator runs, and says of every value what it rests on."""
