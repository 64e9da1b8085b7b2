"""The ways in and out: which devices are open, how they are kept open, chosen and tested."""
