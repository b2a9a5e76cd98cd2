"""What a fitted model foresees under another staffing, with the doubt of what was fitted and of chance."""
