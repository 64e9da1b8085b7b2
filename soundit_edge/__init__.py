"""soundit_edge: the plug-in ambient mood speaker."""

__version__ = "0.1.0"
