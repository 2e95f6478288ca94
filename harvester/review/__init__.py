"""Use cases of reviewing: what waits, what speaks for it, what an editor says, how well it goes."""
