"""The consume side's store: what stands in Redis, and the one write per batch."""
