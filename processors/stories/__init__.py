"""Which articles tell the same story. Pure: rows are read and written by the alerts package."""
