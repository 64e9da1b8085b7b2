"""What a sound file says of itself: title, artists, genres, moods."""
