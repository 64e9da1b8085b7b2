"""What others may see of the device, and how they change it: one protocol for the page and every integration."""
