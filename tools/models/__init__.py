"""The files of models: checked, entered into the shipped set, timed; and those of a user's own."""
