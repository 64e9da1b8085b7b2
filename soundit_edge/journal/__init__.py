"""The log of a service: in systemd's journal, with fields, without names, and without floods."""
