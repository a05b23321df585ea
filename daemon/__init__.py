"""The running process; the only package that knows all the others.

Read ``pipeline.py`` first: it is what happens to one batch of articles. ``app.py`` opens everything,
wires it, and closes it in mirror order; ``consumer.py`` and the alerts package's ``dispatcher.py`` are the two loops.
"""

__version__ = "0.1.0"
