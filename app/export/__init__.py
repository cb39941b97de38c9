"""What people take with them: tables, programs, worksheets, all made from a Lab."""
