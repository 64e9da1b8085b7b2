"""The morph engine and its parts: pure block processors that know neither time of day nor devices."""
