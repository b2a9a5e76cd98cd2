"""The example service: a year of a fictional victim support service, always the same to the byte.

Queues are simulated, so that cause and effect are in the records: staff on a rota take the queue, an adviser leaves,
and a backlog begins to grow. It knows how records look and nothing of how they are measured.
"""

from millpond.demo.example import example_files, write_example

__all__ = ["example_files", "write_example"]
