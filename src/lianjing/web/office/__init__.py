"""办公室: the managers' desk. Customers, contracts, premises, what is installed there. Light, quiet, for reading."""
