"""接警席: the operator's desk. Views, forms and the event stream; no rules (those live in `domain`)."""
