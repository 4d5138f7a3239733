"""How a published text becomes clauses, and clauses become promises."""
