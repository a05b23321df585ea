"""The deliver side's store: lanes, leases, dead letters."""
