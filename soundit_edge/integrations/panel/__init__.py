"""Buttons, a knob and a light on the device's own pins; see docs/panel.md."""
