"""Which runtime and how many threads suit each model on this box: measured once, kept, never assumed."""
