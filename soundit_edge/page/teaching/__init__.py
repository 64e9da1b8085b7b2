"""Teaching the device your own expressions and gestures on the page: record, learn, try, keep or discard."""
