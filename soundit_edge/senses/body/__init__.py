"""The body sense: how people move and hold themselves."""
