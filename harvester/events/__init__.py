"""All that we know about the files and addresses that event records come from."""
