"""Before and after a scenario, and scenarios in order, as people read them."""
