"""封存记录: what was done, by whom, sealed so that no change stays unseen."""
