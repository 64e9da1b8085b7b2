"""What this process takes of the computer: memory, precedence."""
