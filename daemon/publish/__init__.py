"""``rasid publish``: articles from files into Kafka, resumable, none lost."""
