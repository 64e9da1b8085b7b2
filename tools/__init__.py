"""Tools for those who build the device, none of them in the wheel: run as `python -m tools.…`, see README.md."""
