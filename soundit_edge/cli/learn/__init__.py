"""What `soundit learn` does: your own expressions and gestures from files."""
