"""What people and workflows put in, read into what the use cases take."""
