"""Where pictures and sound come from: camera, microphone, clip and the drawn demo, behind one protocol."""
