"""Tools for the page: what its languages still lack."""
