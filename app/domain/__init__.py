"""What a scorecard is and what follows from it: frozen data and functions, no I/O."""
