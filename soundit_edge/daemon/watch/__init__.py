"""What is looked at again and again while the device runs: how warm it is, its memory, and how the senses fare."""
