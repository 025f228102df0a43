"""处置预案: response plans as data, from template to approved version, and how a case walks along one."""
