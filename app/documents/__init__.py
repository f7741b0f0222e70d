"""The scorecard as plain data and as plain text, for programs and terminals."""
