"""Over-the-air model sets: signed lists and files from any web server, tried beside the set in use, kept or dropped.

What fetches (`run`, `trust`, `mirrors`) needs TUF and cryptography, and works in a process of its own (`process`). What
the daemon needs of the sets on the disk (`sets`) is light.
"""
