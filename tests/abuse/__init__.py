"""What strangers, guessers and thieves try, and what it must cost them and us."""
