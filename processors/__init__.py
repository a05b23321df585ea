"""Text in, verdicts out. Pure: values in, values out; nothing here waits for the outside."""
