"""The schedule: what it holds at a time of the week, and the task that sees to it."""
