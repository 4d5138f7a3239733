"""What proves to a stranger that something was done: entries, tree, checkpoints, receipts."""
