"""Plays a service forward: many possible futures of the same service, from draws that have an address."""
