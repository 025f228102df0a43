"""The guard's page for his phone: his tasks, one column, one next button."""
