"""What a fleet of devices asks of a repository: measured for one device, computed for many."""
