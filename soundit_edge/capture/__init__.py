"""The sources of pictures and sound: camera, microphone, clip and the drawn demo, behind one protocol."""
