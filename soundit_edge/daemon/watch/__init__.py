"""What is looked at again and again while the device runs: how warm it is, and how the senses fare."""
