"""The room of whoever is trained: his courses, their papers, his results; on a phone or at a desk."""
