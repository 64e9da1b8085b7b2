"""Model sets that came over the air, in the device: tried beside the set in use, kept or dropped, swapped in."""
