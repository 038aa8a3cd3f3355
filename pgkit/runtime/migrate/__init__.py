"""The migration runner: forward only, several at once, over connections that fail."""
