"""The library behind the page: what is in it, where songs may come from, and the scan that brings them in."""
