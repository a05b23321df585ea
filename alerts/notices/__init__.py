"""What is said of an alert: its facts, what changed, digests, events of the system, and the pieces of the payload."""
