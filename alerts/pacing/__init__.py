"""How notices wait for others: decided here, kept by ``alerts/outbox``. Pure."""
