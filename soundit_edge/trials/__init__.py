"""Trials: a visitor's film, picture or sound is read and scored, and gone when the visitor leaves."""
