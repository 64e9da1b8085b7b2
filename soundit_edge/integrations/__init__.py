"""What connects the device with a house: each integration is a client of `control`, in one file of its own."""
