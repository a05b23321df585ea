"""Silences: what somebody asked not to be told for a time."""
