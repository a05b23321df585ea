"""The store by its keys: connections to Redis, the private Valkey, and the memory twin of all that is kept."""
