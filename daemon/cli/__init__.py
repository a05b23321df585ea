"""The command ``rasid``: one file a command or verb; ``main`` lists them."""
