"""Boot the emulated image, watch it come up, cut its power, and look at what is left."""
