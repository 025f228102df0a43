"""人员: who signs on, and in which role for which company."""
