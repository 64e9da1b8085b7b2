"""What this device is, and whom it asks for model sets."""
