"""What topics would have told over an archive, by the daemon's own code."""
