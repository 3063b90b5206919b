"""A month of a team on the real books, by a clock of its own: what people are told of it, and what it adds up to."""
