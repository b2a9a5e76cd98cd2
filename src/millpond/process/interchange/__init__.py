"""Models and records of other tools: BPMN 2.0 with its diagram, Prosimos, QBP and XES, in and out.

What a format cannot say is kept in notes of our own within it where it has room for them, else listed by name.
"""
