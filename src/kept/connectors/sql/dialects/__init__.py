"""What differs from one SQL engine to the next: opening, transactions, catalog, errors."""
