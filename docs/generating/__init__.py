"""Makes the parts of the documentation that the code itself knows; `docs/generate.py` writes them."""
