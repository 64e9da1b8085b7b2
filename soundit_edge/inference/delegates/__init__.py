"""Accelerators: TFLite delegates, each run in a process of its own and never trusted before it has been tried."""
