"""Is the candidate getting better, and what next: kept in rows of its own, drawn on the server."""
