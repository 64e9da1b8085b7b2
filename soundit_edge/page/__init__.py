"""The page: what the device feels, hears and plays, live in a browser on the same machine, and what may be chosen."""
