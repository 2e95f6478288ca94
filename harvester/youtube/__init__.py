"""All that we know about YouTube."""
