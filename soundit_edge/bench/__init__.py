"""What the device does on this computer: models, the whole chain, the way from a face to the music."""
