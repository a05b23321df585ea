"""The query language: what a desk typed, through tokens, to a tree; and what is said of a mistake."""
