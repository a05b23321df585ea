"""What the store can say afterwards: its logs, which articles were seen, what became of a delivery. Reads only."""
