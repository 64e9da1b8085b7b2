"""The audio process, the parent's handle on it, and the tracks that the one hands to the other."""
