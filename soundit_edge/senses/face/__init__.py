"""The face sense: the expressions of the faces in a frame."""
