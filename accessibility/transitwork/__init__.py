"""Work on a service day that questions share: its rides as events, all pairs, the nearest of a set."""
