"""Learns a service from its records: a first description of it, to be corrected by people who know it."""
