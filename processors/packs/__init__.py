"""Ready topics, lists and names, as YAML that a non-programmer can extend."""
