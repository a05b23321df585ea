"""Queries and word lists of other tools → topics, with a report of what is not the same afterwards."""
