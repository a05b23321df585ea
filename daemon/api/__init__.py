"""The HTTP side: one table of routes, who may call them, and what they answer."""
