"""``rasid.yaml``: its sections as types, and how each becomes what the process works with."""
