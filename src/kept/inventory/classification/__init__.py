"""What each field holds: from names, values and surroundings, with every reason kept."""
