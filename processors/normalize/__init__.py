"""Make text comparable, remembering where each character came from."""
