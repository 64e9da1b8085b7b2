"""The checks of the doctor, one file a subject."""
