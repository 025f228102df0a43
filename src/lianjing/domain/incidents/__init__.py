"""警情: cases that a person handles, from opened to closed."""
