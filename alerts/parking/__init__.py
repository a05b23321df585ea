"""What keeps old and dead deliveries outside of the store, so that their records need not be held for them."""
