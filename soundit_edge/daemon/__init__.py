"""The device: its parts, put together and kept running in one event loop."""
