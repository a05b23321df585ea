"""Where articles come from: the port, files and standard input; what cannot be read becomes a dead letter."""
