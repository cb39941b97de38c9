"""What each page prints, a module a page."""
