"""What the commands of `soundit models` do."""
