"""Whether a query holds for one article that was read, and the mentions that decide it."""
