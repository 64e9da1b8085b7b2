"""What can be heard in a track: onsets, beats, bars, key, features."""
