"""Whether the device works: the progress of its parts, starts that were too short, and what is left in safe mode."""
