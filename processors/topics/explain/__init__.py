"""Clause by clause, why an article matches a topic, or in one sentence what was missing."""
