"""What belongs to a person: how all of it is taken out, and how all of it goes away."""
