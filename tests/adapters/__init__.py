"""The executor seam over other clients: one adapter a file, to be copied."""
