"""The parts of benchmarks/simulation.py."""
