"""The jobs of `pgkit migrate`: up, status, verify, baseline, new."""
