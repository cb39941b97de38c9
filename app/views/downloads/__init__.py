"""What people take along: CSV files, and programs that compute the same."""
