"""The database: its tables, its transactions, and rows turned into the domain's data."""
