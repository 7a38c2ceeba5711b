"""From files to nouns: streets, places, speeds, studies. Nothing here computes a travel time."""
