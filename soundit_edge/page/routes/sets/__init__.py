"""Model sets beside the shipped one: what users teach, and what comes over the air."""
