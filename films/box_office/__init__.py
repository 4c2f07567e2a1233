"""The box office: how staff, and the ticketing system, set what the audience is told about a screening."""
