"""条款: the specification clause by clause, judged from what the other apps have on record; on top of all of them."""
