"""The rules, one class a clause; `registry` finds them."""
