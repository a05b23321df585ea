"""Tokens of the API: who may do what."""
