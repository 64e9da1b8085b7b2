"""The device's figures for Prometheus: what there is, how it is written, and the switch."""
