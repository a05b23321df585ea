"""Regular expressions in queries: read, made to know all letters, and looked for."""
