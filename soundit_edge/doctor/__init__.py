"""What keeps this computer from being a good device, in plain words, and how to mend it: `soundit doctor`."""
