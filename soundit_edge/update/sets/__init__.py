"""Model sets on the device's disk: which is in use, which is tried, and how one takes the place of another."""
