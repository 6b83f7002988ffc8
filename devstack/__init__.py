"""What is behind `./run`: set-up, the embedded servers and their supervisor. Standard library only."""
