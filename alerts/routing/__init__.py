"""Who is told: matchers on facts, the tree of routes, inhibition, and hours."""
