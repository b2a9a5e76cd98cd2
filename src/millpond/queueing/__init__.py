"""Closed formulas and exact small models of queues: what theory says, for planning and to check simulations against.

Nothing here reads records or knows a service: numbers in, numbers out. Time is in whatever unit the caller uses, and
every rate is per that same unit. Pools of staff are *workers*; *load* is demand over capacity, as in the measures.
"""
