"""What people see: charts, tables in the terminal, and the one page."""
