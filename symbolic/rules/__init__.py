"""Rules, one family per file."""
