"""Loads a site: from its files to its concepts, articles and formulas."""
