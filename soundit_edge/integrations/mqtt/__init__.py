"""MQTT, and Home Assistant through it: the device is discovered there with its sensors and controls."""
