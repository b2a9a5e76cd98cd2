"""How work flows: the process map as records show it, where it waits and at whose hand, and its exchange formats."""
