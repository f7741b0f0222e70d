"""What programs send and are given, whichever way they come: over HTTP or through an assistant."""
