"""Reading of media containers, in one place for reading, scoring and muxing: streams, clock, packets, sound."""
