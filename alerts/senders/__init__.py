"""One attempt by each type of receiver: addresses that are refused, limits on what is read, signatures."""
