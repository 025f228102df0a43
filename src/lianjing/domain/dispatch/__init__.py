"""Who is sent where: tasks of guards."""
