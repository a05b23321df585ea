"""From a verdict to a webhook that arrived: routing, payload, outbox, dispatcher, sender, retry."""
