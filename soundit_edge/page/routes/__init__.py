"""What the page answers: one file a subject, each with a table of its routes and who may ask."""
