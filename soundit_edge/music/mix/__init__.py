"""The mix of composed music: the parts' places and levels, the room, the width, the tone and the bus compressor."""
