"""Inference with small TFLite models: one interface over the runtimes, checked model sets, one scheduler."""
