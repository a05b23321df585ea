"""Kafka as a source: membership, positions, batches that cannot be read, and our own Kafka topics."""
