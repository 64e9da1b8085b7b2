"""OSC, the language of lights, projections and sound installations: out to several targets, and in where asked for."""
