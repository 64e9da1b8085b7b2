"""What a bug report needs, without anything about the people who use the device: `soundit report`."""
