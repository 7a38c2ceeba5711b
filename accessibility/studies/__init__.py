"""The conductor: one file per question, called alike by the command line and whatever other face there is."""
