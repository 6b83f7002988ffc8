"""Who may do what, everywhere: see `table` for the rules and how to add a route."""
