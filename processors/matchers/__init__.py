"""Find patterns in text: compile once, screen every article cheaply, find exactly in the candidates."""
