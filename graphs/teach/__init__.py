"""Learning-by-teaching experiments, one module each; `frame` runs them."""
