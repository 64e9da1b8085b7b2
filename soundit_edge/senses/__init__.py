"""The senses: each turns frames or sound into readings, and nothing else."""
