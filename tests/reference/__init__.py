"""A slow, plain simulator of a service, written from the same definitions as the compiled one, to compare with it."""
