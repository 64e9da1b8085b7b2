"""Publish model sets: a static folder, signed by The Update Framework's rules, that devices fetch their models from."""
