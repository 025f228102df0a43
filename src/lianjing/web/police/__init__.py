"""The desk of the police: the companies of their area, registers, closed cases and bundles. Nothing is changed here."""
