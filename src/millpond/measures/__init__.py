"""Demand, capacity, activity and backlog; waits; caseloads; what holds a service up: expressions over the visit log."""
