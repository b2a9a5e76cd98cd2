"""Charts: one function each, a result in, a `Chart` out."""
