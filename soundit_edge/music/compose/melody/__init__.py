"""Melodies: motifs, what is made of them, and how they are sung over chords."""
