"""A user's own expressions and gestures: a small head over frozen features, learnt on the device from a few takes."""
