"""What the tables of the house are made of (`parameters.py`), and the small ones: what is chosen by name."""
