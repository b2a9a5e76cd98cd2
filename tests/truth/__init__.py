"""Services of which everything is known: what a fit recovers of them, and how far it foresees a change of staffing."""
