"""Rows and requests for tests: a whole little world, the pages of the site, what a browser would send."""
