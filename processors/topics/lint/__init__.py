"""Rules for what works but is probably not meant: one idea a file, all of them listed in ``rules``."""
