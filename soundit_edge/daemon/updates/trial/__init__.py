"""The trial of a model set: it is examined in a process of its own, then watched beside the set in use."""
