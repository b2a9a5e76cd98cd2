"""What is normal, what has changed, what may come: control charts, seasons, distributions, rare events, forecasts."""
