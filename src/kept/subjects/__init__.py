"""Who a person is to the stores: identifiers, and what they may find."""
